package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import dev.pushgateway.store.Group.Family;
import dev.pushgateway.store.MetricStore.Totals;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * The amount of stored data, and the check against the limits. Guarded by the store's lock.
 *
 * <p>Replaced and deleted data still takes memory while a {@link MetricStore.Reading} that began
 * earlier is open. All data that has gone since the oldest open reading began counts as retained:
 *
 * <pre>
 *   gone   ----a----b--------c-------d---&gt; bytes, ever more
 *               ^ oldest reading began     c and d are retained, whether or not it holds them
 * </pre>
 */
final class StoreSize {
  /** The number of series that the gateway adds to each group: its two push times. */
  private static final int OWN_SERIES = 2;

  /**
   * The memory for pushing a restored group, as a multiple of the group's own. A push takes the
   * body, three copies of its text with labels, and 128 bytes per line.
   */
  private static final long RESTORED_PUSH_FACTOR = 4;

  private final StoreLimits limits;
  private int groups;
  private long families;
  private long metrics;
  private long series;
  private long bytes;
  private long heapBytes;

  /** The heap that the last push of a group took while it was read and parsed, by group number. */
  private long[] pushBytes = new long[16];

  /** The heap bytes of all data removed since the store was created. */
  private long goneBytes;

  /** The number of open readings, by the value of {@link #goneBytes} when they began. */
  private final TreeMap<Long, Integer> readings = new TreeMap<>();

  /** These three fields are read without the lock. */
  private volatile long largestPushBytes;

  private final AtomicLong publishedStored = new AtomicLong();
  private final AtomicLong publishedRetained = new AtomicLong();

  StoreSize(StoreLimits limits) {
    this.limits = limits;
  }

  Totals totals() {
    return new Totals(groups, families, metrics, series, bytes);
  }

  /** Returns about how much heap the stored data takes, in bytes. Needs no lock. */
  long storedBytes() {
    return publishedStored.get();
  }

  /**
   * Returns about how much replaced data running scrapes keep in the heap, in bytes. Needs no lock.
   */
  long retainedBytes() {
    return publishedRetained.get();
  }

  /**
   * Returns an upper bound of the heap that any group needs to be pushed again, in bytes. Needs no
   * lock. Exact after {@link #findLargestPush}.
   */
  long largestPushBytes() {
    return largestPushBytes;
  }

  void findLargestPush() {
    largestPushBytes = Arrays.stream(pushBytes).max().orElse(0);
  }

  /**
   * Notes how much heap a push took.
   *
   * @param isWhole whether the push was the whole group; if not, earlier pushes of the group may be
   *     repeated as well
   */
  void notePush(int number, boolean isWhole, long heapBytesOfPush) {
    if (number >= pushBytes.length) {
      pushBytes = Arrays.copyOf(pushBytes, Math.max(number + 1, pushBytes.length * 2));
    }
    pushBytes[number] = isWhole ? heapBytesOfPush : Math.max(pushBytes[number], heapBytesOfPush);
    largestPushBytes = Math.max(largestPushBytes, pushBytes[number]);
  }

  /** Estimates how much heap a push of a restored group will take. */
  void noteRestored(int number, Group group) {
    long bytes = 0;
    for (Family family : group.families()) {
      bytes += HeapCost.of(family.block());
    }
    notePush(number, true, RESTORED_PUSH_FACTOR * bytes);
  }

  /** Counts a group that is new or restored, with its push times. */
  void addGroup(GroupingKey key) {
    groups++;
    bytes += length(key);
    weigh(HeapCost.of(key));
  }

  void removeGroup(int number, GroupingKey key) {
    groups--;
    bytes -= length(key);
    weigh(-HeapCost.of(key));
    if (number < pushBytes.length) {
      pushBytes[number] = 0;
    }
  }

  void add(FamilyBlock block) {
    count(block, 1);
  }

  void remove(FamilyBlock block) {
    count(block, -1);
  }

  private static long length(GroupingKey key) {
    Labels labels = key.labels();
    long length = 0;
    for (int i = 0; i < labels.size(); i++) {
      length += Utf8.length(labels.name(i)) + Utf8.length(labels.value(i));
    }
    return length;
  }

  private void count(FamilyBlock block, int sign) {
    families += sign;
    metrics += sign * (long) block.size();
    series += sign * (long) block.seriesCount();
    if (!GroupTransitions.isPushTime(block.name())) {
      bytes += sign * FamilyBlockRecord.length(block);
      weigh(sign * HeapCost.of(block));
    } else if (sign < 0) {
      goneBytes += HeapCost.of(block); // They are part of the group's weight, but are replaced.
      publish();
    }
  }

  private void weigh(long cost) {
    heapBytes += cost;
    goneBytes += Math.max(0, -cost);
    publish();
  }

  void clear() {
    groups = 0;
    families = 0;
    metrics = 0;
    series = 0;
    bytes = 0;
    goneBytes += heapBytes;
    heapBytes = 0;
    pushBytes = new long[16];
    largestPushBytes = 0;
    publish();
  }

  /**
   * Notes that a reader begins to send the stored data.
   *
   * @return the argument for {@link #endReading}
   */
  long beginReading() {
    readings.merge(goneBytes, 1, Integer::sum);
    return goneBytes;
  }

  void endReading(long begun) {
    readings.computeIfPresent(begun, (key, count) -> count == 1 ? null : count - 1);
    publish();
  }

  private void publish() {
    publishedStored.lazySet(heapBytes);
    publishedRetained.lazySet(readings.isEmpty() ? 0 : goneBytes - readings.firstKey());
  }

  /**
   * Checks the limits of groups and series.
   *
   * @param before the group before the push; {@code null} for a new group
   * @param dropsOthers whether all other families of the group are removed
   * @param arriving the pushed families, by name
   * @throws StoreFullException if the push would exceed a limit
   */
  void check(Group before, boolean dropsOthers, Map<String, FamilyBlock> arriving)
      throws StoreFullException {
    if (before == null && groups >= limits.maxGroups()) {
      throw new StoreFullException(
          String.format(
              "too many groups; the limit is %d (--store.max-groups)", limits.maxGroups()));
    }
    long growth = before == null ? OWN_SERIES : 0;
    for (FamilyBlock block : arriving.values()) {
      growth += block.seriesCount();
    }
    if (series + growth <= limits.maxSeries()) {
      return; // Usual case: there is room even if nothing is removed.
    }
    growth -= sum(before, dropsOthers, arriving.keySet(), FamilyBlock::seriesCount);
    if (growth > 0 && series + growth > limits.maxSeries()) {
      throw new StoreFullException(
          String.format(
              "too many series: the store would have %d; the limit is %d (--store.max-series)",
              series + growth, limits.maxSeries()));
    }
  }

  /** Returns how much heap is freed when some families of a group are replaced, in bytes. */
  static long leavingBytes(Group before, boolean dropsOthers, Set<String> arriving) {
    return sum(before, dropsOthers, arriving, HeapCost::of);
  }

  private static long sum(
      Group before, boolean dropsOthers, Set<String> names, ToLongFunction<FamilyBlock> measure) {
    long sum = 0;
    if (before != null) {
      for (Family family : before.families()) {
        if (!GroupTransitions.isPushTime(family.name())
            && (dropsOthers || names.contains(family.name()))) {
          sum += measure.applyAsLong(family.block());
        }
      }
    }
    return sum;
  }
}
