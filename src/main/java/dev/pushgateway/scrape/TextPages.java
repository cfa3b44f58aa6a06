package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.EscapingScheme;

/**
 * Pages in text format 0.0.4, under one escaping scheme. Compressed pages are kept per value: two
 * values with equal output are equal.
 *
 * @param hasLegacyNames whether every reader understands all names. Then there is nothing to
 *     escape, and all schemes share the compressed pages.
 */
record TextPages(EscapingScheme scheme, boolean hasLegacyNames) {
  private static final TextPages LEGACY = new TextPages(EscapingScheme.ALLOW_UTF_8, true);

  /** Returns the format in which readers with a scheme see a family. */
  static TextPages of(MergedFamily family, EscapingScheme scheme) {
    return family.hasLegacyNames() ? LEGACY : new TextPages(scheme, false);
  }

  /** Returns what comes before the pages of a family. */
  byte[] header(MergedFamily family) {
    return family.textHeader(EscapedLines.shown(family.name(), scheme));
  }

  /** Adds a page with the {@link MergedFamily#blockArray()} of its family, on any thread. */
  void writePage(SeriesPage page, FamilyBlock[] blocks, ByteArray out) {
    if (scheme == EscapingScheme.ALLOW_UTF_8) {
      page.writeText(blocks, out); // Usual case: nothing but copies.
      return;
    }
    EscapedLines lines = new EscapedLines(scheme, out);
    for (int i = 0; i < page.size(); i++) {
      lines.add(blocks[page.block(i)], page.metric(i));
    }
  }
}
