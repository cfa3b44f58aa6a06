package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;

/**
 * Estimates the heap that stored data takes, rather too high than too low. The estimate includes
 * everything kept that is derived from the data, such as the order of a scrape and its compressed
 * pages.
 *
 * <p>Measured with {@code jcmd GC.heap_info} after a collection, in JDK 17 with G1, on 2026-11-24.
 */
final class HeapCost {
  /** A group: its objects, its entries in tables, and its two push times without their labels. */
  private static final long GROUP_BYTES = 1_800;

  /**
   * The number of copies of a key's labels, in various forms, including those of the push times.
   */
  private static final long KEY_COPIES = 7;

  /** A family in a group: its objects and its entries in the index. */
  private static final long FAMILY_BYTES = 350;

  /**
   * A metric: hash, start and place take 12 to 16 bytes, the index 15 to 17, the order of a scrape
   * 4 to 8.
   */
  private static final long METRIC_BYTES = 64;

  /** Compressed pages are about 1/6 of their text. */
  private static final int DEFLATED_DIVISOR = 6;

  /**
   * The length of a region in G1, which has 2048 regions of at least 1 MB. An array of half a
   * region or more takes whole regions.
   */
  private static final long REGION_BYTES = regionBytes(Runtime.getRuntime().maxMemory());

  private HeapCost() {}

  static long regionBytes(long heapBytes) {
    return Math.max(1 << 20, Math.min(32 << 20, Long.highestOneBit(heapBytes / 2048)));
  }

  static long of(GroupingKey key) {
    Labels labels = key.labels();
    long length = 0;
    for (int i = 0; i < labels.size(); i++) {
      length += length(labels.name(i)) + length(labels.value(i));
    }
    return GROUP_BYTES + KEY_COPIES * length;
  }

  /** Returns an upper bound of the length in UTF-8, in bytes. */
  private static long length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      length += text.charAt(i) > 0x7F ? 2 : 0;
    }
    return length;
  }

  static long of(FamilyBlock block) {
    long text = block.text().length;
    return FAMILY_BYTES
        + METRIC_BYTES * block.size()
        + array(text)
        + text / DEFLATED_DIVISOR
        + array(block.encodedLength() - text)
        + 2L * block.name().length();
  }

  private static long array(long bytes) {
    return bytes < REGION_BYTES / 2
        ? bytes
        : (bytes + REGION_BYTES - 1) / REGION_BYTES * REGION_BYTES;
  }
}
