package dev.pushgateway.store;

/**
 * How much a store accepts; 0 stands for no limit. Memory is not among the limits: it depends on
 * the process, so that it is checked before a push reaches the store.
 *
 * @param maxGroups the number of groups
 * @param maxSeries the number of series, the two push times of each group included
 */
public record StoreLimits(long maxGroups, long maxSeries) {
  /** Accepts everything. */
  public static final StoreLimits NONE = new StoreLimits(0, 0);

  public StoreLimits {
    maxGroups = maxGroups == 0 ? Long.MAX_VALUE : maxGroups;
    maxSeries = maxSeries == 0 ? Long.MAX_VALUE : maxSeries;
  }
}
