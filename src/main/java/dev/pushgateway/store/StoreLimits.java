package dev.pushgateway.store;

/**
 * The limits of a store; 0 stands for no limit. Memory is limited elsewhere, before a push reaches
 * the store, because it depends on the process.
 *
 * @param maxGroups maximum number of groups
 * @param maxSeries maximum number of series, including the two push times of each group
 */
public record StoreLimits(long maxGroups, long maxSeries) {
  /** Accepts everything. */
  public static final StoreLimits NONE = new StoreLimits(0, 0);

  public StoreLimits {
    maxGroups = maxGroups == 0 ? Long.MAX_VALUE : maxGroups;
    maxSeries = maxSeries == 0 ? Long.MAX_VALUE : maxSeries;
  }
}
