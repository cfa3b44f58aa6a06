package dev.pushgateway.change;

import dev.pushgateway.block.FamilyBlock;
import java.util.List;

/**
 * One change of the store, as it is appended to a log and read from it. Applying all changes of a
 * log in order restores the state of the store.
 */
public sealed interface Change {
  /** Returns when the change happened, in nanoseconds since 1970. */
  long timeNanos();

  /** A change of one group. */
  sealed interface OfGroup extends Change {
    GroupingKey key();
  }

  /**
   * An accepted push.
   *
   * @param replace whether the push replaces the whole group; if not, other families stay
   * @param families the families pushed, without the two push times, which follow from the other
   *     fields
   */
  record Pushed(GroupingKey key, boolean replace, long timeNanos, List<FamilyBlock> families)
      implements OfGroup {}

  /** A refused push, which only moves the group's push failure time. */
  record PushFailed(GroupingKey key, long timeNanos) implements OfGroup {}

  /** The deletion of a group. */
  record Deleted(GroupingKey key, long timeNanos) implements OfGroup {}

  /** The deletion of all groups. */
  record Wiped(long timeNanos) implements Change {}

  /**
   * The whole state of a group, which replaces its earlier state: from a compacted or an imported
   * file. Each time is in nanoseconds since 1970.
   *
   * @param pushTimeNanos time of the last accepted push; 0 if there was none
   * @param failureTimeNanos time of the last refused push; 0 if there was none
   * @param pushTimeStampNanos when the family {@code push_time_seconds} was last set
   * @param failureTimeStampNanos when the family {@code push_failure_time_seconds} was last set
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

    /** Returns the later of the two push times: the last known change of the group. */
    @Override
    public long timeNanos() {
      return Math.max(pushTimeNanos, failureTimeNanos);
    }
  }

  /**
   * A family of a group, with the time of the push that contained it, in nanoseconds since 1970.
   */
  record StoredFamily(FamilyBlock block, long timeNanos) {}
}
