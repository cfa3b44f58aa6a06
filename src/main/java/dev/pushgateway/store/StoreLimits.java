package dev.pushgateway.store;

/**
 * How much a store takes. 0 stands for no limit.
 *
 * @param maxGroups how many groups
 * @param maxSeries how many series, the two push times of each group included
 * @param maxHeapBytes how much of the heap, about; a quarter more with what scrapes retain
 */
public record StoreLimits(long maxGroups, long maxSeries, long maxHeapBytes) {
  /** Takes all there is. */
  public static final StoreLimits NONE = new StoreLimits(0, 0, 0);

  /** Limits that leave half of the heap to all else. */
  public static StoreLimits withinHeap(long maxGroups, long maxSeries) {
    return new StoreLimits(maxGroups, maxSeries, Runtime.getRuntime().maxMemory() / 2);
  }

  public StoreLimits {
    maxGroups = orNone(maxGroups);
    maxSeries = orNone(maxSeries);
    maxHeapBytes = orNone(maxHeapBytes);
  }

  private static long orNone(long limit) {
    return limit == 0 ? Long.MAX_VALUE : limit;
  }
}
