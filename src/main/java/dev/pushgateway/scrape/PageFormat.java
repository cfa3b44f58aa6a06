package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;

/**
 * How a family is written page by page. Compressed pages are kept per format: two formats with
 * equal output are equal. Immutable.
 */
interface PageFormat {
  /** Returns what comes before the pages of a family. */
  byte[] header(MergedFamily family);

  /**
   * Adds a page; called by several threads at once.
   *
   * @param blocks those of the family, {@link MergedFamily#blockArray()}
   */
  void writePage(SeriesPage page, FamilyBlock[] blocks, ByteArray out);
}
