package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;

/**
 * What stored things take of the heap, about, and rather more than less: with everything that is
 * derived from them and kept, such as the order of a scrape and its compressed pages.
 *
 * <p>Measured with {@code jcmd GC.heap_info} after a collection, in JDK 17 with G1, on 2026-11-24.
 */
final class HeapCost {
  /** A group: its objects, its places in tables, and its two push times but for their labels. */
  private static final long GROUP_BYTES = 1_800;

  /** How often the labels of a key are kept, in one form or another, those of push times, too. */
  private static final long KEY_COPIES = 7;

  /** A family in a group: its objects, its places in the index. */
  private static final long FAMILY_BYTES = 350;

  /** Of a metric: hash, start and place 12 to 16, index 15 to 17, order of a scrape 4 to 8. */
  private static final long METRIC_BYTES = 64;

  /** Of the text in a compressed page: one in so many. */
  private static final int DEFLATED_DIVISOR = 6;

  /** G1 has 2048 regions, of 1 MB at least, and an array of half a region has some to itself. */
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

  /** In UTF-8, or more. */
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
