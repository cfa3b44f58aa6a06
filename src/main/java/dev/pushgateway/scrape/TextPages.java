package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.EscapingScheme;

/**
 * Writes pages in text format 0.0.4 with one escaping scheme. Compressed pages are kept by this
 * value: equal values give equal output.
 *
 * @param hasLegacyNames whether every reader understands all names. Nothing is escaped then, and
 *     all schemes share the compressed pages.
 */
record TextPages(EscapingScheme scheme, boolean hasLegacyNames) {
  private static final TextPages LEGACY = new TextPages(EscapingScheme.ALLOW_UTF_8, true);

  /** Returns the format of a family for readers with this scheme. */
  static TextPages of(MergedFamily family, EscapingScheme scheme) {
    return family.hasLegacyNames() ? LEGACY : new TextPages(scheme, false);
  }

  /** Returns the text before the pages of a family. */
  byte[] header(MergedFamily family) {
    return family.textHeader(EscapedLines.shown(family.name(), scheme));
  }

  /**
   * Adds a page, on any thread.
   *
   * @param blocks the {@link MergedFamily#blockArray()} of the page's family
   */
  void writePage(SeriesPage page, FamilyBlock[] blocks, ByteArray out) {
    if (scheme == EscapingScheme.ALLOW_UTF_8) {
      page.writeText(blocks, out); // Usual case: copies only.
      return;
    }
    EscapedLines lines = new EscapedLines(scheme, out);
    for (int i = 0; i < page.size(); i++) {
      lines.add(blocks[page.block(i)], page.metric(i));
    }
  }
}
