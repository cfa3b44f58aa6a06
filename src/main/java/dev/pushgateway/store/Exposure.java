package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.store.FamilyIndex.Arrival;
import dev.pushgateway.store.Group.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Which of the stored families a scrape shows: those of the {@link FamilyIndex}, and of the
 * suspects whatever has no conflict any more. Guarded by the store's lock.
 */
final class Exposure {
  private final boolean checksConsistency;
  private final GroupTable groups;
  private final FamilyIndex index;

  /** Families that are stored, but could not be exposed when they came. */
  private final List<Suspect> suspects = new ArrayList<>();

  private record Suspect(int group, Family family) {}

  /**
   * Nothing is exposed yet.
   *
   * @param checksConsistency whether only that is stored which can be exposed
   * @param reserved families that only the gateway itself may define
   */
  Exposure(boolean checksConsistency, Collection<FamilyBlock> reserved, GroupTable groups) {
    this.checksConsistency = checksConsistency;
    this.groups = groups;
    this.index = new FamilyIndex(reserved, number -> groups.get(number).key());
  }

  /** Makes room for so many series; nothing may have been exposed yet. */
  void expect(long count) {
    index.expect(count);
  }

  /** Why an arrival would break the exposition, in one sentence; {@code null} if it would not. */
  String conflict(Arrival arrival) {
    return index.conflict(arrival);
  }

  /**
   * Exposes a family if that does no harm, and remembers it as a suspect if not.
   *
   * @return what is in its way, or {@code null}
   */
  String add(int number, Family family) {
    String conflict = conflict(number, family);
    if (conflict == null) {
      index.add(number, family, null);
    } else {
      suspects.add(new Suspect(number, family));
    }
    return conflict;
  }

  /** Exposes a family in place of an older one of its group, which may be {@code null}. */
  void exchange(int number, Family older, Family family) {
    if (checksConsistency && !Groups.isPushTime(family.name())) {
      index.add(number, family, older); // Has passed the check.
      return;
    }
    if (older != null && older.block().hasSameSeries(family.block()) && sameType(older, family)) {
      if (older.place != Family.NOWHERE) {
        index.add(number, family, older);
        return;
      }
    } else if (older != null) {
      index.remove(older);
    }
    add(number, family);
  }

  private static boolean sameType(Family a, Family b) {
    return a.block().type() == b.block().type() && b.block().problem() == null;
  }

  /** Takes a family out, if it is exposed. */
  void remove(Family family) {
    index.remove(family);
  }

  void clear() {
    index.clear();
    suspects.clear();
  }

  /**
   * All that is exposed, sorted by name.
   *
   * @param mayChange whether suspects may be exposed now; not while a change relies on what is
   * @throws InconsistentStoreException if pushes were taken unchecked that cannot be exposed
   */
  List<MergedFamily> families(boolean mayChange) throws InconsistentStoreException {
    String conflict = clearSuspects(mayChange);
    if (conflict != null && !checksConsistency) {
      throw new InconsistentStoreException(conflict);
    }
    return index.families();
  }

  /** Exposes suspects whose conflict has gone; tells one that is left, push times apart. */
  private String clearSuspects(boolean mayChange) {
    String left = null;
    for (Iterator<Suspect> all = suspects.iterator(); all.hasNext(); ) {
      Suspect suspect = all.next();
      Group group = groups.get(suspect.group);
      Family family = suspect.family;
      if (group == null || group.family(family.name()) != family) {
        all.remove(); // Deleted or pushed again.
        continue;
      }
      String conflict = conflict(suspect.group, family);
      if (conflict == null) {
        if (mayChange) { // Else at the next scrape.
          index.add(suspect.group, family, null);
          all.remove();
        }
      } else if (left == null && !Groups.isPushTime(family.name())) {
        left = "group " + group.key() + ": " + conflict;
      }
    }
    return left;
  }

  private String conflict(int number, Family family) {
    return index.conflict(new Arrival(number, null, false, Map.of(family.name(), family.block())));
  }
}
