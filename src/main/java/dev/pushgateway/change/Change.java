package dev.pushgateway.change;

import dev.pushgateway.block.FamilyBlock;
import java.util.List;

/**
 * One change of the store, as it goes to a log and comes back from it. Applying the changes of a
 * log in their order gives the state of the store again.
 */
public sealed interface Change {
  /** When it happened, in nanoseconds since 1970. */
  long timeNanos();

  /** A change of one group. */
  sealed interface OfGroup extends Change {
    GroupingKey key();
  }

  /**
   * A push was taken.
   *
   * @param replace whether other families of the group were dropped
   * @param families the families pushed, without the two push times, which follow from the other
   *     fields
   */
  record Pushed(GroupingKey key, boolean replace, long timeNanos, List<FamilyBlock> families)
      implements OfGroup {}

  /** A push was refused, which only moves the group's push failure time. */
  record PushFailed(GroupingKey key, long timeNanos) implements OfGroup {}

  /** A group was removed. */
  record Deleted(GroupingKey key, long timeNanos) implements OfGroup {}

  /** All groups were removed. */
  record Wiped(long timeNanos) implements Change {}

  /**
   * The whole state of a group replaces what it was before: from a compacted or an imported file.
   * Each time is in nanoseconds since 1970.
   *
   * @param pushTimeNanos of the last push that was taken; 0 if there was none
   * @param failureTimeNanos of the last push that was refused; 0 if there was none
   * @param pushTimeStampNanos when the family came that exposes the push time
   * @param failureTimeStampNanos when the family came that exposes the push failure time
   * @param families all other families, with distinct names, in any order
   */
  record Stored(
      GroupingKey key,
      long pushTimeNanos,
      long failureTimeNanos,
      long pushTimeStampNanos,
      long failureTimeStampNanos,
      List<StoredFamily> families)
      implements OfGroup {

    /** The later of the two push times: the last change that the state knows of. */
    @Override
    public long timeNanos() {
      return Math.max(pushTimeNanos, failureTimeNanos);
    }
  }

  /** A family of a group, and the time of the push that brought it. */
  record StoredFamily(FamilyBlock block, long timeNanos) {}
}
