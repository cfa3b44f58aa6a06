package dev.pushgateway.store;

/**
 * How much a store takes. 0 stands for no limit.
 *
 * @param maxGroups how many groups
 * @param maxSeries how many series, the two push times of each group included
 */
public record StoreLimits(long maxGroups, long maxSeries) {
  /** Takes all there is. */
  public static final StoreLimits NONE = new StoreLimits(0, 0);
}
