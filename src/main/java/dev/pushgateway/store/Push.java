package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.parse.ParsedPush;

/**
 * A push that has been read and parsed.
 *
 * @param replace {@code true} to replace the whole group (PUT), {@code false} to replace only the
 *     families that the exposition names (POST)
 * @param exposition parsed with the {@link GroupingKey#groupingLabels() labels} of the key
 * @param timeNanos when the push arrived, in nanoseconds since 1970
 * @param takenBytes heap that reading and parsing the push took; 0 for a small push
 */
public record Push(
    GroupingKey key, boolean replace, ParsedPush exposition, long timeNanos, long takenBytes) {
  /** Returns an upper bound of the heap that the push will take in the store, in bytes. */
  public long heapBytes() {
    long bytes = HeapCost.of(key);
    for (FamilyBlock block : exposition.families()) {
      bytes += HeapCost.of(block);
    }
    return bytes;
  }
}
