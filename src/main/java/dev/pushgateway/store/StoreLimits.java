package dev.pushgateway.store;

/**
 * How much a store takes. 0 stands for no limit.
 *
 * @param maxGroups how many groups
 * @param maxSeries how many series, the two push times of each group included
 * @param maxHeapBytes how much of the heap, about; a quarter more with what scrapes retain
 * @param maxHeapBytesInPush how much of the heap together with what it takes to push the largest
 *     group again, about
 */
public record StoreLimits(
    long maxGroups, long maxSeries, long maxHeapBytes, long maxHeapBytesInPush) {
  /** Takes all there is. */
  public static final StoreLimits NONE = new StoreLimits(0, 0, 0, 0);

  private static final long SERVER_BYTES = 16 << 20;

  /** Limits that leave half of the heap to all else. */
  public static StoreLimits withinHeap(long maxGroups, long maxSeries) {
    long heapBytes = Runtime.getRuntime().maxMemory();
    return new StoreLimits(maxGroups, maxSeries, heapBytes / 2, inPush(heapBytes));
  }

  /** What is stored and a push may take of a heap: what requests may, but for an eighth. */
  public static long inPush(long heapBytes) {
    long requests = heapBytes / 4 * 3 - SERVER_BYTES;
    return Math.max(1, requests - requests / 8);
  }

  public StoreLimits {
    maxGroups = orNone(maxGroups);
    maxSeries = orNone(maxSeries);
    maxHeapBytes = orNone(maxHeapBytes);
    maxHeapBytesInPush = orNone(maxHeapBytesInPush);
  }

  private static long orNone(long limit) {
    return limit == 0 ? Long.MAX_VALUE : limit;
  }
}
