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
 * The free space on the volume of a log, and what a compaction needs of it.
 *
 * <pre>
 *   volume   [other files][content][dead records][ free                         ]
 *                                                 [content, again][reserve][spare]
 * </pre>
 *
 * <p>A compaction writes the content a second time before it gives up the old file. Pushes that
 * took the space for that would end in a log that can never be compacted again. So they get the
 * spare space only, and when it ends, the log is compacted. Deletions and wipes may use all.
 *
 * <p>Thread-safe. Takes the lock on the state of the store for moments.
 */
final class Room {
  /** The thread that maintains the log compacts before the spare space is less than this. */
  static final long MARGIN_BYTES = 1L << 20;

  /** For the blocks of a new file that are not full, and for deletions and wipes. */
  private static final long RESERVE_BYTES = 64L << 10;

  /** A compaction that gives up less is not worth it. */
  private static final long BLOCK_BYTES = 4096;

  private static final long MAX_FREE_BYTES = Long.MAX_VALUE / 4;

  private final Disk disk;
  private final Path folder;
  private final MetricStore store;

  /** Up to this length of the file there is room for any change, as far as was known last. */
  private volatile long safeEnd;

  /** Looks at the volume of a file. */
  Room(Disk disk, Path file, MetricStore store) {
    this.disk = disk;
    this.folder = file.getParent();
    this.store = store;
  }

  /** Returns whether the volume has too little room for its content, twice, and a margin. */
  boolean isTooSmall(long end) {
    return freeBytes() + end < neededBytes();
  }

  /** How many bytes the content, twice, and a margin take. */
  long neededBytes() {
    return 2 * liveBytes() + MARGIN_BYTES;
  }

  private long freeBytes() {
    return Math.min(MAX_FREE_BYTES, disk.freeBytes(folder));
  }

  private long liveBytes() {
    return LiveSize.estimate(store.totals());
  }

  /** Returns whether a compaction is due since the free space ends, and is worth it. */
  boolean isShort(long end) {
    long live = liveBytes();
    return end - live >= MARGIN_BYTES / 2 && freeBytes() - live < MARGIN_BYTES;
  }

  /** The length of the file at which the free space will be short. */
  long shortEnd(long end) {
    return end + Math.max(0, freeBytes() - liveBytes() - MARGIN_BYTES);
  }

  /** Returns whether a compaction would give up something. */
  boolean hasDeadBlocks(long end) {
    return end - liveBytes() >= BLOCK_BYTES;
  }

  /** Returns whether there is room for a compaction. */
  boolean hasContentAgain() {
    return freeBytes() - liveBytes() >= BLOCK_BYTES;
  }

  /** Makes the next change look at the volume: another process may have filled it. */
  void lookAgain() {
    safeEnd = 0;
  }

  /**
   * Makes room for a change if there is too little.
   *
   * @param length of the record of the change
   * @param end tells how long the file is
   * @param attendant compacts the file if that is necessary
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
   * Returns whether a compaction is still possible after a change. One that is running copies the
   * change in any case; the next one writes no more of it than the content has grown.
   */
  private boolean has(Change change, int length, long end, boolean isRewriting) {
    long spare = freeBytes() - liveBytes() - RESERVE_BYTES;
    if (spare < 2L * length && (isRewriting || spare < length + growth(change, length))) {
      return false;
    }
    // A byte that is appended takes one byte, and one more in the next file if it is content.
    safeEnd = end + spare / 2;
    return true;
  }

  /** Returns whether there is room for any record of a length, or for a last one. */
  boolean hasFor(int length) {
    return freeBytes() - liveBytes() - RESERVE_BYTES >= 2L * length || hasLast(length);
  }

  /** Returns an upper limit of the bytes by which the content grows. */
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
   * Returns whether a record can be appended though a compaction is impossible already: its volume
   * has become too small. The log then goes on as long as it can.
   */
  private boolean hasLast(int length) {
    long free = freeBytes();
    return free < liveBytes() + RESERVE_BYTES && free - length >= RESERVE_BYTES;
  }
}
