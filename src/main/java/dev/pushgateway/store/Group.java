package dev.pushgateway.store;

import dev.pushgateway.exposition.FamilyBlock;
import java.util.Collections;
import java.util.SortedMap;

/**
 * All families held under one grouping key, at one moment. Immutable.
 *
 * <p>Among the families are the two that the gateway adds, {@value #PUSH_TIME} and {@value
 * #PUSH_FAILURE_TIME}.
 */
public final class Group {
  public static final String PUSH_TIME = "push_time_seconds";
  public static final String PUSH_FAILURE_TIME = "push_failure_time_seconds";

  /**
   * A family, and when it came.
   *
   * @param timeNanos of the push that brought this family, in nanoseconds since 1970
   */
  public record Family(FamilyBlock block, long timeNanos) {}

  private final GroupingKey key;
  private final long pushTimeNanos;
  private final long failureTimeNanos;
  private final SortedMap<String, Family> families;

  /**
   * A group.
   *
   * @param families by name, sorted by code point; not copied, and not changed any more
   */
  Group(
      GroupingKey key,
      long pushTimeNanos,
      long failureTimeNanos,
      SortedMap<String, Family> families) {
    this.key = key;
    this.pushTimeNanos = pushTimeNanos;
    this.failureTimeNanos = failureTimeNanos;
    this.families = Collections.unmodifiableSortedMap(families);
  }

  public GroupingKey key() {
    return key;
  }

  /** When the group was last changed by a push, in nanoseconds since 1970; 0 if never. */
  public long pushTimeNanos() {
    return pushTimeNanos;
  }

  /** When a push to the group was last refused, in nanoseconds since 1970; 0 if never. */
  public long failureTimeNanos() {
    return failureTimeNanos;
  }

  /** Whether no push has failed since the last that did not. */
  public boolean lastPushSuccessful() {
    return failureTimeNanos <= pushTimeNanos;
  }

  /** All families by name, sorted, the two push times among them. */
  public SortedMap<String, Family> families() {
    return families;
  }
}
