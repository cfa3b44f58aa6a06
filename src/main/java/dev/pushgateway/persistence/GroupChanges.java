package dev.pushgateway.persistence;

import dev.pushgateway.store.Change;
import dev.pushgateway.store.Group;
import java.util.ArrayList;
import java.util.List;

/** The changes that bring a group back when they are replayed. */
final class GroupChanges {
  private GroupChanges() {}

  /** One change for a group; several, for a group that does not fit into one record. */
  static List<Change> of(Group group) {
    return of(group, LogFormat.MAX_PAYLOAD_LENGTH / 2);
  }

  static List<Change> of(Group group, long maxLength) {
    long length = 0;
    for (Group.Family family : group.families()) {
      length += family.block().encodedLength();
    }
    // A group that was never pushed to has no families to speak of.
    boolean fits = length <= maxLength || group.pushTimeNanos() == 0;
    return fits ? List.of(new Change.Stored(group)) : split(group);
  }

  /** An empty group, then each family as if it had been pushed, in the order of their times. */
  private static List<Change> split(Group group) {
    List<Group.Family> families = new ArrayList<>(group.families());
    families.removeIf(family -> RecordBuffer.isPushTime(family.name()));
    families.sort((a, b) -> Long.compare(a.timeNanos(), b.timeNanos()));
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.Stored(
            Group.withPushTimes(
                group.key(),
                0,
                group.pushTimeNanos(),
                group.failureTimeNanos(),
                group.family(Group.PUSH_FAILURE_TIME).timeNanos(),
                List.of())));
    for (Group.Family family : families) {
      changes.add(
          new Change.Pushed(group.key(), false, family.timeNanos(), List.of(family.block())));
    }
    changes.add(new Change.Pushed(group.key(), false, group.pushTimeNanos(), List.of()));
    return changes;
  }
}
