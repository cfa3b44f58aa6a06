package dev.pushgateway.listing;

import dev.pushgateway.store.Group;
import dev.pushgateway.store.Group.Family;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** The order of groups in a listing. Groups with the same value are sorted by key. */
enum GroupSort {
  /** Keys begin with the job. */
  JOB(group -> 0),
  LAST_PUSH(Group::pushTimeNanos),
  SERIES(GroupSort::series),
  BYTES(GroupSort::bytes);

  private final ToLongFunction<Group> value;

  GroupSort(ToLongFunction<Group> value) {
    this.value = value;
  }

  long value(Group group) {
    return value.applyAsLong(group);
  }

  /** Returns the name in the parameter {@code sort}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the number of series that were pushed to a group. */
  static long series(Group group) {
    long count = 0;
    for (Family family : group.families()) {
      count += isOwn(family.name()) ? 0 : family.block().seriesCount();
    }
    return count;
  }

  static long bytes(Group group) {
    long count = 0;
    for (Family family : group.families()) {
      count += family.block().encodedLength();
    }
    return count;
  }

  /** Returns whether a family is one of the two that the gateway adds to each group. */
  static boolean isOwn(String name) {
    return name.equals(Group.PUSH_TIME) || name.equals(Group.PUSH_FAILURE_TIME);
  }
}
