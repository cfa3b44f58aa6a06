package dev.pushgateway.persistence;

import dev.pushgateway.change.Change;
import dev.pushgateway.store.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes the changes that restore a group when they are replayed. */
final class RestoringChanges {
  private RestoringChanges() {}

  /** Returns one change for a group; several if the group does not fit into one record. */
  static List<Change> of(Group group) {
    return of(group, LogFormat.MAX_CHANGE_LENGTH / 2);
  }

  static List<Change> of(Group group, long maxLength) {
    Change.Stored stored = group.stored();
    long length =
        stored.families().stream().mapToLong(family -> family.block().encodedLength()).sum();
    // A group without an accepted push has hardly any content.
    boolean fits = length <= maxLength || stored.pushTimeNanos() == 0;
    return fits ? List.of(stored) : split(stored);
  }

  /** Returns an empty group, then a push of each family, in the order of their times. */
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
