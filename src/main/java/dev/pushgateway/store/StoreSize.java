package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import dev.pushgateway.store.Group.Family;
import dev.pushgateway.store.MetricStore.Totals;
import dev.pushgateway.store.StoreFullException.Limit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

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

  /** Beyond what may be stored, so much of that may be retained: a full store takes pushes, too. */
  private static final long RETAINED_SHARE = 4;

  /**
   * To push a group again takes so many times what it takes, halved: the body, and of text up to
   * three copies with labels, 200 bytes per line; of which a sixth more and 64 per line are stored.
   */
  private static final long PUSH_HALVES = 7;

  private final StoreLimits limits;
  private int groups;
  private long families;
  private long metrics;
  private long series;
  private long bytes;
  private long heapBytes;
  private final GroupShares shares = new GroupShares();

  /** Bytes of the heap that have gone since the store was made. */
  private long goneBytes;

  /** How many readings are going on, by what had gone when they began. */
  private final TreeMap<Long, Integer> readings = new TreeMap<>();

  /** For those without the lock. */
  private final AtomicLong published = new AtomicLong();

  StoreSize(StoreLimits limits) {
    this.limits = limits;
  }

  Totals totals() {
    return new Totals(groups, families, metrics, series, bytes);
  }

  /** What is stored or retained takes of the heap, about. May be called without the lock. */
  long heapBytes() {
    return published.get();
  }

  /** A group that is new, or was restored, with its push times. */
  void addGroup(int number, GroupingKey key) {
    groups++;
    bytes += length(key);
    weigh(number, HeapCost.of(key));
  }

  void removeGroup(int number, GroupingKey key) {
    groups--;
    bytes -= length(key);
    weigh(number, -HeapCost.of(key));
    shares.release(number);
  }

  void add(int number, FamilyBlock block) {
    count(number, block, 1);
  }

  void remove(int number, FamilyBlock block) {
    count(number, block, -1);
  }

  private static long length(GroupingKey key) {
    Labels labels = key.labels();
    long length = 0;
    for (int i = 0; i < labels.size(); i++) {
      length += Utf8.length(labels.name(i)) + Utf8.length(labels.value(i));
    }
    return length;
  }

  private void count(int number, FamilyBlock block, int sign) {
    families += sign;
    metrics += sign * (long) block.size();
    series += sign * (long) block.seriesCount();
    if (!GroupTransitions.isPushTime(block.name())) {
      bytes += sign * FamilyBlockRecord.length(block);
      weigh(number, sign * HeapCost.of(block));
    } else if (sign < 0) {
      goneBytes += HeapCost.of(block); // They are weighed with their group, but change with time.
      publish();
    }
  }

  private void weigh(int number, long cost) {
    shares.take(number, cost);
    heapBytes += cost;
    goneBytes += Math.max(0, -cost);
    publish();
  }

  /** Keeps some room for a group to grow, after all of a change to it. */
  void settle(int number) {
    shares.settle(number);
  }

  void clear() {
    groups = 0;
    families = 0;
    metrics = 0;
    series = 0;
    bytes = 0;
    goneBytes += heapBytes;
    heapBytes = 0;
    shares.clear();
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

  private long retained() {
    return readings.isEmpty() ? 0 : goneBytes - readings.firstKey();
  }

  private void publish() {
    published.lazySet(heapBytes + retained());
  }

  /**
   * Checks that there is room for what a push brings.
   *
   * @param number of the group; a free one if it is new
   * @param before the group as it is, or {@code null}
   * @param dropsOthers whether all families of the group go that do not come again
   * @param arriving by name
   * @throws StoreFullException if there is not
   */
  void check(
      int number,
      GroupingKey key,
      Group before,
      boolean dropsOthers,
      Map<String, FamilyBlock> arriving)
      throws StoreFullException {
    if (before == null && groups >= limits.maxGroups()) {
      throw new StoreFullException(
          Limit.COUNT, "there are " + groups + " groups already, and more are not allowed");
    }
    long newSeries = before == null ? OWN_SERIES : 0;
    long newHeapBytes = before == null ? HeapCost.of(key) : 0;
    for (FamilyBlock block : arriving.values()) {
      newSeries += block.seriesCount();
      newHeapBytes += HeapCost.of(block);
    }
    long mostTaken = shares.taken(number) + newHeapBytes;
    long most = shares.keptBytesIf(number, mostTaken);
    if (series + newSeries <= limits.maxSeries()
        && most + retained() <= limits.maxHeapBytes()
        && canRepeat(number, mostTaken)) {
      return; // Usual case: there is room for it even if nothing goes.
    }
    long oldSeries = 0;
    long oldHeapBytes = 0;
    if (before != null) {
      for (Family family : before.families()) {
        if (!GroupTransitions.isPushTime(family.name())
            && (dropsOthers || arriving.containsKey(family.name()))) {
          oldSeries += family.block().seriesCount();
          oldHeapBytes += HeapCost.of(family.block());
        }
      }
    }
    checkSeries(newSeries - oldSeries);
    checkHeap(number, newHeapBytes, oldHeapBytes);
  }

  private void checkSeries(long growth) throws StoreFullException {
    if (growth > 0 && series + growth > limits.maxSeries()) {
      throw new StoreFullException(
          Limit.COUNT,
          String.format(
              "there are %d series already, and no more than %d are allowed",
              series, limits.maxSeries()));
    }
  }

  private void checkHeap(int number, long arriving, long leaving) throws StoreFullException {
    long taken = shares.taken(number) + arriving - leaving;
    long kept = shares.keptBytesIf(number, taken);
    if (kept > shares.keptBytes()) {
      checkRepeat(number, taken);
    }
    if (kept > shares.keptBytes() && kept > limits.maxHeapBytes()) {
      throw new StoreFullException(
          Limit.MEMORY,
          String.format(
              "what is stored takes %d MiB of memory already, with room for each group to grow a"
                  + " little, and more than %d MiB are not left for it; see -Xmx",
              shares.keptBytes() >> 20, limits.maxHeapBytes() >> 20));
    }
    long most = limits.maxHeapBytes() + limits.maxHeapBytes() / RETAINED_SHARE;
    if (!readings.isEmpty() && heapBytes + retained() + arriving > most) {
      throw new StoreFullException(
          Limit.MEMORY_OF_READERS,
          "scrapes that have not been read to their end keep too much memory");
    }
  }

  /** What is taken now must leave room to be pushed again, and so must all the others. */
  private void checkRepeat(int number, long taken) throws StoreFullException {
    if (canRepeat(number, taken)) {
      return;
    }
    shares.findLargest();
    if (!canRepeat(number, taken)) {
      throw new StoreFullException(
          Limit.MEMORY,
          String.format(
              "what is stored would take %d MiB of memory, with room for each group to grow a"
                  + " little, and leave too little to push the largest group again; see -Xmx",
              shares.keptBytesIf(number, taken) >> 20));
    }
  }

  private boolean canRepeat(int number, long taken) {
    long push = shares.largestIf(number, taken) / 2 * PUSH_HALVES;
    return shares.keptBytesIf(number, taken) + push <= limits.maxHeapBytesInPush();
  }
}
