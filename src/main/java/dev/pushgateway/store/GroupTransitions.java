package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.store.Group.Family;
import java.util.ArrayList;
import java.util.List;

/** Computes a group after a change from the group before it. */
final class GroupTransitions {
  private static final String PUSH_TIME_HELP =
      "Last Unix time when changing this group in the Pushgateway succeeded.";
  private static final String PUSH_FAILURE_TIME_HELP =
      "Last Unix time when changing this group in the Pushgateway failed.";
  private static final double NANOS_PER_SECOND = 1e9;

  private GroupTransitions() {}

  /** Returns whether a family is one of the two that the gateway adds to each group. */
  static boolean isPushTime(String name) {
    return name.equals(Group.PUSH_TIME) || name.equals(Group.PUSH_FAILURE_TIME);
  }

  /**
   * Returns a group after an accepted push.
   *
   * @param before {@code null} if there was none
   */
  static Group afterPush(
      Group before, GroupingKey key, boolean replace, long timeNanos, List<FamilyBlock> families) {
    List<Family> changed = new ArrayList<>(families.size() + 2);
    for (FamilyBlock block : families) {
      changed.add(new Family(block, timeNanos));
    }
    if (before == null) {
      GroupingLabels labels = key.groupingLabels();
      changed.add(pushTime(labels, timeNanos, timeNanos));
      changed.add(pushFailureTime(labels, 0, timeNanos));
      return new Group(key, timeNanos, 0, changed);
    }
    changed.add(later(before.family(Group.PUSH_TIME), timeNanos));
    if (replace) {
      changed.add(before.family(Group.PUSH_FAILURE_TIME));
    }
    Group after = before.with(timeNanos, before.failureTimeNanos(), changed);
    return replace && after.size() > changed.size() // Usual case: the same families as before.
        ? new Group(key, timeNanos, before.failureTimeNanos(), changed)
        : after;
  }

  /**
   * Returns a group after a refused push.
   *
   * @param before {@code null} if there was none
   */
  static Group afterFailure(Group before, GroupingKey key, long timeNanos) {
    if (before == null) {
      GroupingLabels labels = key.groupingLabels();
      Family failureTime = pushFailureTime(labels, timeNanos, timeNanos);
      return new Group(key, 0, timeNanos, List.of(pushTime(labels, 0, timeNanos), failureTime));
    }
    Family failureTime = later(before.family(Group.PUSH_FAILURE_TIME), timeNanos);
    return before.with(before.pushTimeNanos(), timeNanos, List.of(failureTime));
  }

  /** Returns a push time family with a new time. */
  private static Family later(Family before, long timeNanos) {
    return new Family(before.block().withNumber(timeNanos / NANOS_PER_SECOND), timeNanos);
  }

  static Family pushTime(GroupingLabels labels, long valueNanos, long timeNanos) {
    return gauge(Group.PUSH_TIME, PUSH_TIME_HELP, labels, valueNanos, timeNanos);
  }

  static Family pushFailureTime(GroupingLabels labels, long valueNanos, long timeNanos) {
    return gauge(Group.PUSH_FAILURE_TIME, PUSH_FAILURE_TIME_HELP, labels, valueNanos, timeNanos);
  }

  private static Family gauge(
      String name, String help, GroupingLabels labels, long valueNanos, long timeNanos) {
    double seconds = valueNanos / NANOS_PER_SECOND;
    return new Family(FamilyBlock.gauge(name, help, labels, seconds), timeNanos);
  }
}
