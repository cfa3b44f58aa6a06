package dev.pushgateway.store;

import java.util.Arrays;

/**
 * How much of the heap each group takes, and how much is kept for it, so that a job that has pushed
 * once can push again when others have filled the store.
 *
 * <pre>
 *   |  takes now  |  to grow: an eighth of that, and 512 bytes  |
 *   '---------------- kept for it, and for nobody else ---------'
 * </pre>
 *
 * <p>A group is taken, or grows beyond what is kept for it, only if what is then to be kept for it
 * has room beside what is kept for all others. So no sequence of pushes, however small each may be,
 * can make all of them together take more than there is. The 512 bytes are room for each number of
 * some twenty short lines to become as long as numbers get.
 *
 * <p>Groups go by number, as in the store. Guarded by the store's lock.
 */
final class GroupShares {
  private static final long GROWTH_DIVISOR = 8;
  private static final long GROWTH_BYTES = 512;

  private long[] taken = new long[16];
  private long[] kept = new long[16];
  private long keptBytes;

  /** For no group is more kept; for none as much, if one has shrunk or gone since the last look. */
  private long largest;

  /** What a group that takes so much needs to have kept for it. */
  static long withGrowth(long bytes) {
    return bytes + bytes / GROWTH_DIVISOR + GROWTH_BYTES;
  }

  /** What a group takes that is not there. */
  long taken(int number) {
    return number < taken.length ? taken[number] : 0;
  }

  /** What is kept for all of them. */
  long keptBytes() {
    return keptBytes;
  }

  /** A group takes more, or less. */
  void take(int number, long bytes) {
    if (number >= taken.length) {
      int length = Math.max(number + 1, taken.length * 2);
      taken = Arrays.copyOf(taken, length);
      kept = Arrays.copyOf(kept, length);
    }
    taken[number] += bytes;
  }

  /** What is kept for all groups if one of them comes to take so much. */
  long keptBytesIf(int number, long bytes) {
    long now = number < kept.length ? kept[number] : 0;
    return keptBytes - now + after(now, bytes);
  }

  /** For no group is more kept than this if one of them comes to take so much. */
  long largestIf(int number, long bytes) {
    long now = number < kept.length ? kept[number] : 0;
    return Math.max(largest, after(now, bytes));
  }

  /** Makes {@link #largestIf} exact; looks at all groups. */
  void findLargest() {
    largest = Arrays.stream(kept).max().orElse(0);
  }

  /** Keeps for a group what it needs, as it is now. */
  void settle(int number) {
    long now = kept[number];
    kept[number] = after(now, taken[number]);
    keptBytes += kept[number] - now;
    largest = Math.max(largest, kept[number]);
  }

  /** While it keeps within what is kept for it, that never becomes more. */
  private static long after(long kept, long bytes) {
    return bytes <= kept ? Math.min(kept, withGrowth(bytes)) : withGrowth(bytes);
  }

  /** A group has gone: nothing is taken by it, or kept for it. */
  void release(int number) {
    keptBytes -= kept[number];
    kept[number] = 0;
    taken[number] = 0;
  }

  void clear() {
    taken = new long[16];
    kept = new long[16];
    keptBytes = 0;
    largest = 0;
  }
}
