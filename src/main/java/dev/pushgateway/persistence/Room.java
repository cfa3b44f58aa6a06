package dev.pushgateway.persistence;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.change.Change;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.MetricStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The free space on the volume of a log, and the part that a compaction needs.
 *
 * <pre>
 *   volume   [other files][content][dead records][ free                         ]
 *                                                 [content, again][reserve][spare]
 * </pre>
 *
 * <p>A compaction writes the content a second time before it removes the old file. If pushes took
 * that space, the log could never be compacted again. Pushes therefore only get the spare space,
 * and when it ends, the log is compacted. Deletions and wipes may use all space.
 *
 * <p>Thread-safe. Takes the lock on the store's state for short times.
 */
final class Room {
  /** The spare space below which the maintaining thread compacts the log. */
  static final long MARGIN_BYTES = 1L << 20;

  /** Space for partly filled blocks of a new file, and for deletions and wipes. */
  private static final long RESERVE_BYTES = 64L << 10;

  /** The minimum number of bytes that a compaction must free. */
  private static final long BLOCK_BYTES = 4096;

  private static final long MAX_FREE_BYTES = Long.MAX_VALUE / 4;

  private final Disk disk;
  private final Path folder;
  private final MetricStore store;

  /** The length of the file up to which there was room for any change at the last check. */
  private volatile long safeEnd;

  /** Measures the volume of a file. */
  Room(Disk disk, Path file, MetricStore store) {
    this.disk = disk;
    this.folder = file.getParent();
    this.store = store;
  }

  /** Returns whether the volume has too little room for twice the content and a margin. */
  boolean isTooSmall(long end) {
    return freeBytes() + end < neededBytes();
  }

  /** Returns the bytes for twice the content and a margin. */
  long neededBytes() {
    return 2 * liveBytes() + MARGIN_BYTES;
  }

  private long freeBytes() {
    return Math.min(MAX_FREE_BYTES, disk.freeBytes(folder));
  }

  private long liveBytes() {
    return LiveSize.estimate(store.totals());
  }

  /** Returns whether a compaction is due because free space runs out, and frees enough. */
  boolean isShort(long end) {
    long live = liveBytes();
    return end - live >= MARGIN_BYTES / 2 && freeBytes() - live < MARGIN_BYTES;
  }

  /** Returns the length of the file at which free space will run out. */
  long shortEnd(long end) {
    return end + Math.max(0, freeBytes() - liveBytes() - MARGIN_BYTES);
  }

  /** Returns whether a compaction would free at least one block. */
  boolean hasDeadBlocks(long end) {
    return end - liveBytes() >= BLOCK_BYTES;
  }

  /** Returns whether there is room for a compaction. */
  boolean hasContentAgain() {
    return freeBytes() - liveBytes() >= BLOCK_BYTES;
  }

  /** Makes the next change measure the volume: another process may have filled it. */
  void lookAgain() {
    safeEnd = 0;
  }

  /**
   * Makes room for a change if there is too little.
   *
   * @param length of the record, in bytes
   * @param end returns the length of the file
   * @param attendant compacts the file if necessary
   * @return whether there is room now
   */
  boolean make(Change change, int length, LongSupplier end, Attendant attendant) {
    boolean needsNone = change instanceof Change.Deleted || change instanceof Change.Wiped;
    return needsNone
        || end.getAsLong() + length <= safeEnd
        || has(change, length, end.getAsLong(), attendant.isRewriting())
        || attendant.rewrite() && has(change, length, end.getAsLong(), false)
        || hasLast(length);
  }

  /**
   * Returns whether a compaction is still possible after a change. A running compaction copies the
   * whole record. The next compaction writes only the growth of the content.
   */
  private boolean has(Change change, int length, long end, boolean isRewriting) {
    long spare = freeBytes() - liveBytes() - RESERVE_BYTES;
    if (spare < 2L * length && (isRewriting || spare < length + growth(change, length))) {
      return false;
    }
    // A byte of a record takes one byte in this file, and one more in the next if it is content.
    safeEnd = end + spare / 2;
    return true;
  }

  /** Returns whether there is room for any record of this length, or for a last one. */
  boolean hasFor(int length) {
    return freeBytes() - liveBytes() - RESERVE_BYTES >= 2L * length || hasLast(length);
  }

  /** Returns an upper bound of the growth of the content, in bytes. */
  private long growth(Change change, int length) {
    long before = 0;
    if (change instanceof Change.Pushed push) {
      Optional<Group> group = store.group(push.key());
      for (FamilyBlock block : group.isPresent() ? push.families() : List.<FamilyBlock>of()) {
        Group.Family replaced = group.get().family(block.name());
        before += replaced == null ? 0 : FamilyBlockRecord.length(replaced.block());
      }
    }
    return Math.max(0, length - before);
  }

  /**
   * Returns whether a record can be appended although a compaction is impossible already: the
   * volume has become too small. The log then continues until the space ends.
   */
  private boolean hasLast(int length) {
    long free = freeBytes();
    return free < liveBytes() + RESERVE_BYTES && free - length >= RESERVE_BYTES;
  }
}
