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
 * How much a store has, and whether there is room for more. Guarded by the store's lock.
 *
 * <p>What was replaced or deleted still takes memory as long as somebody is sending a snapshot from
 * before. All of it counts that has gone since the oldest such {@link MetricStore.Reading} began:
 *
 * <pre>
 *   gone   ----a----b--------c-------d---&gt; bytes, ever more
 *               ^ oldest reading began     c and d are retained, whether or not it holds them
 * </pre>
 */
final class StoreSize {
  /** Of each group: its two push times. */
  private static final int OWN_SERIES = 2;

  /**
   * Pushing a restored group takes at most about this many times the memory that the group takes:
   * the body, three copies of its text with labels, and 128 bytes per line.
   */
  private static final long RESTORED_PUSH_FACTOR = 4;

  private final StoreLimits limits;
  private int groups;
  private long families;
  private long metrics;
  private long series;
  private long bytes;
  private long heapBytes;

  /** By group number: what its last push took of the heap while it was read and parsed. */
  private long[] pushBytes = new long[16];

  /** Bytes of the heap that have gone since the store was made. */
  private long goneBytes;

  /** How many readings are going on, by what had gone when they began. */
  private final TreeMap<Long, Integer> readings = new TreeMap<>();

  /** These three are read without the lock. */
  private volatile long largestPushBytes;

  private final AtomicLong publishedStored = new AtomicLong();
  private final AtomicLong publishedRetained = new AtomicLong();

  StoreSize(StoreLimits limits) {
    this.limits = limits;
  }

  Totals totals() {
    return new Totals(groups, families, metrics, series, bytes);
  }

  /** About how much of the heap the stored data takes. Needs no lock. */
  long storedBytes() {
    return publishedStored.get();
  }

  /** About how much of the heap running scrapes keep of what was replaced. Needs no lock. */
  long retainedBytes() {
    return publishedRetained.get();
  }

  /**
   * An upper bound of what it takes to push any group again. Needs no lock. Exact after {@link
   * #findLargestPush}.
   */
  long largestPushBytes() {
    return largestPushBytes;
  }

  void findLargestPush() {
    largestPushBytes = Arrays.stream(pushBytes).max().orElse(0);
  }

  /**
   * Notes what a push took of the heap.
   *
   * @param isWhole whether the push is all of the group; if not, an earlier push may come again,
   *     too
   */
  void notePush(int number, boolean isWhole, long heapBytesOfPush) {
    if (number >= pushBytes.length) {
      pushBytes = Arrays.copyOf(pushBytes, Math.max(number + 1, pushBytes.length * 2));
    }
    pushBytes[number] = isWhole ? heapBytesOfPush : Math.max(pushBytes[number], heapBytesOfPush);
    largestPushBytes = Math.max(largestPushBytes, pushBytes[number]);
  }

  /** Assumes what a push of a restored group will take. */
  void noteRestored(int number, Group group) {
    long bytes = 0;
    for (Family family : group.families()) {
      bytes += HeapCost.of(family.block());
    }
    notePush(number, true, RESTORED_PUSH_FACTOR * bytes);
  }

  /** A group that is new, or was restored, with its push times. */
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
      goneBytes += HeapCost.of(block); // They are weighed with their group, but change with time.
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

  /** Notes that somebody begins to send what is stored now; returns what to end it with. */
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
   * Checks the limits on the numbers of groups and series.
   *
   * @param before the group as it is, or {@code null}
   * @param dropsOthers whether all families of the group go that do not come again
   * @param arriving by name
   * @throws StoreFullException if a limit would be passed
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
      return; // Usual case: there is room even if nothing goes.
    }
    growth -= sum(before, dropsOthers, arriving.keySet(), FamilyBlock::seriesCount);
    if (growth > 0 && series + growth > limits.maxSeries()) {
      throw new StoreFullException(
          String.format(
              "too many series: the store would have %d; the limit is %d (--store.max-series)",
              series + growth, limits.maxSeries()));
    }
  }

  /** How much of the heap goes when some families of a group are replaced. */
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
