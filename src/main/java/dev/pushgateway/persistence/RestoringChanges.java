package dev.pushgateway.persistence;

import dev.pushgateway.change.Change;
import dev.pushgateway.store.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The changes that bring a group back when they are replayed. */
final class RestoringChanges {
  private RestoringChanges() {}

  /** One change for a group; several, for a group that does not fit into one record. */
  static List<Change> of(Group group) {
    return of(group, LogFormat.MAX_CHANGE_LENGTH / 2);
  }

  static List<Change> of(Group group, long maxLength) {
    Change.Stored stored = group.stored();
    long length =
        stored.families().stream().mapToLong(family -> family.block().encodedLength()).sum();
    // A group that was never pushed to has no families to speak of.
    boolean fits = length <= maxLength || stored.pushTimeNanos() == 0;
    return fits ? List.of(stored) : split(stored);
  }

  /** An empty group, then each family as if it had been pushed, in the order of their times. */
  private static List<Change> split(Change.Stored stored) {
    List<Change.StoredFamily> families = new ArrayList<>(stored.families());
    families.sort(Comparator.comparingLong(Change.StoredFamily::timeNanos));
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.Stored(
            stored.key(),
            0,
            stored.failureTimeNanos(),
            stored.pushTimeNanos(),
            stored.failureTimeStampNanos(),
            List.of()));
    for (Change.StoredFamily family : families) {
      changes.add(
          new Change.Pushed(stored.key(), false, family.timeNanos(), List.of(family.block())));
    }
    changes.add(new Change.Pushed(stored.key(), false, stored.pushTimeNanos(), List.of()));
    return changes;
  }
}
