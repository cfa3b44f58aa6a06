package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.store.ConsistencyCheck.IncomingFamilies;
import dev.pushgateway.store.Group.Family;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The state that changes are checked against and applied to: the groups, the exposed families, and
 * the amount of data.
 *
 * <p>Deterministic: the effect of a change depends on the earlier changes only. It never depends on
 * a clock, the heap, a hash seed or a scrape. Guarded by the store's lock.
 */
final class StoreState {
  private final boolean checksConsistency;
  private final GroupTable groups = new GroupTable();
  private final ExposedFamilies exposed;
  private final StoreSize size;

  /** True if new families are exposed at once. False while a log is replayed. */
  private boolean isIndexed;

  /** The number of replayed states of groups. */
  private int replayed;

  StoreState(
      boolean checksConsistency,
      Map<String, MetricType> reserved,
      StoreLimits limits,
      long hashMask) {
    this.checksConsistency = checksConsistency;
    this.size = new StoreSize(limits);
    this.exposed = new ExposedFamilies(checksConsistency, reserved, groups, hashMask);
  }

  GroupTable groups() {
    return groups;
  }

  StoreSize size() {
    return size;
  }

  /**
   * Ends the replay of a log and exposes the restored families. Exposing them once is several times
   * as fast as after each change.
   *
   * @return one sentence for each restored family that is hidden
   */
  List<String> index() {
    List<Restored> restored = restored();
    exposed.expect(restored.stream().mapToLong(one -> one.family.block().size()).sum());
    List<String> refusals = expose(restored);
    if (checksConsistency && !refusals.isEmpty()) {
      // A damaged log restores deleted groups. The later push wins.
      exposed.clear();
      restored.forEach(one -> one.family.place = Family.NOWHERE);
      restored.sort(Comparator.comparingInt(one -> -one.family.replayNumber));
      refusals = expose(restored);
    }
    isIndexed = true;
    return refusals;
  }

  /** A restored family and the number of its group. */
  private record Restored(int group, Family family) {}

  private List<Restored> restored() {
    List<Restored> restored = new ArrayList<>();
    Group[] all = groups.byNumber();
    for (int number = 0; number < all.length; number++) {
      if (all[number] != null) {
        for (Family family : all[number].families()) {
          size.add(family.block());
          restored.add(new Restored(number, family));
        }
        size.noteRestored(number, all[number]);
      }
    }
    return restored;
  }

  private List<String> expose(List<Restored> restored) {
    List<String> refusals = new ArrayList<>();
    for (Restored one : restored) {
      String refusal = exposed.add(one.group, one.family);
      if (refusal != null && !GroupTransitions.isPushTime(one.family.name())) {
        refusals.add("group " + groups.get(one.group).key() + ": " + refusal);
      }
    }
    return refusals;
  }

  /** Returns all groups, those with hidden families first: in a log, the later record wins. */
  List<Group> forLog() {
    Set<Integer> hidden = exposed.hidden().keySet();
    Group[] all = groups.byNumber();
    List<Group> list = new ArrayList<>(all.length);
    hidden.forEach(number -> list.add(all[number]));
    for (int number = 0; number < all.length; number++) {
      if (all[number] != null && !hidden.contains(number)) {
        list.add(all[number]);
      }
    }
    return list;
  }

  /** Returns the same as {@link MetricStore#hidden}. */
  Map<GroupingKey, List<String>> hidden() {
    Map<GroupingKey, List<String>> byKey = new TreeMap<>();
    exposed
        .hidden()
        .forEach(
            (number, names) -> {
              names.removeIf(GroupTransitions::isPushTime);
              if (!names.isEmpty()) {
                byKey.put(groups.get(number).key(), names);
              }
            });
    return byKey;
  }

  /** Returns a push in the form for the checks. */
  IncomingFamilies incoming(Change.Pushed push) {
    if (!isIndexed) {
      throw new IllegalStateException("push before the store was started");
    }
    Map<String, FamilyBlock> byName = new LinkedHashMap<>();
    for (FamilyBlock block : push.families()) {
      byName.put(block.name(), block);
    }
    int number = groups.numberOf(push.key());
    return new IncomingFamilies(number, groups.get(number), push.replace(), byName);
  }

  /** Returns why a push is inconsistent, in one sentence; {@code null} if it is consistent. */
  String refusal(IncomingFamilies incoming) {
    return checksConsistency ? exposed.refusal(incoming) : null;
  }

  /**
   * Checks the limits for a push; for a refused push only those for a new group with its failure
   * time.
   */
  void checkRoom(IncomingFamilies incoming, boolean isRefused) throws StoreFullException {
    if (isRefused) {
      size.check(incoming.before(), false, Map.of());
    } else {
      size.check(incoming.before(), incoming.dropsOthers(), incoming.families());
    }
  }

  /**
   * Makes a change, whatever the result of the consistency check.
   *
   * @param isChecked whether it has passed the check in the current state
   */
  void apply(Change change, boolean isChecked) {
    if (change instanceof Change.Pushed push) {
      Group before = groups.get(push.key());
      replace(
          before,
          GroupTransitions.afterPush(
              before, push.key(), push.replace(), push.timeNanos(), push.families()),
          isChecked && checksConsistency);
    } else if (change instanceof Change.PushFailed failure) {
      Group before = groups.get(failure.key());
      replace(
          before, GroupTransitions.afterFailure(before, failure.key(), failure.timeNanos()), false);
    } else if (change instanceof Change.Deleted deletion) {
      remove(deletion.key());
    } else if (change instanceof Change.Wiped) {
      clear();
    } else if (change instanceof Change.Stored stored) {
      replace(groups.get(stored.key()), Group.of(stored), false);
    }
    exposed.endChange();
  }

  /** Replaces the group with the same key, and exposes its new families. */
  private void replace(Group before, Group after, boolean isChecked) {
    long keysVersion = groups.keysVersion();
    int number = groups.put(after);
    if (groups.keysVersion() != keysVersion) {
      size.addGroup(after.key());
    }
    if (!isIndexed) {
      noteReplayed(after);
      return;
    }
    int at = 0; // An index into the older families, which are sorted by name like the new ones.
    List<Family> olderFamilies = before == null ? List.of() : before.families();
    for (Family family : after.families()) {
      at = removeUpTo(number, olderFamilies, at, family.name());
      Family older = at < olderFamilies.size() ? olderFamilies.get(at) : null;
      if (older == family) {
        at++;
      } else if (older != null && older.name().equals(family.name())) {
        at++;
        replace(number, older, family, isChecked);
      } else {
        replace(number, null, family, isChecked);
      }
    }
    removeUpTo(number, olderFamilies, at, null);
  }

  private void noteReplayed(Group after) {
    replayed++;
    for (Family family : after.families()) {
      if (family.replayNumber == 0) {
        family.replayNumber = replayed;
      }
    }
  }

  /**
   * Removes families of a group whose names come before a name.
   *
   * @param at the index of the first family to look at
   * @param name {@code null} for all families up to the end
   * @return the index of the first family that stays
   */
  private int removeUpTo(int number, List<Family> families, int at, String name) {
    int next = at;
    while (next < families.size() && isBefore(families.get(next).name(), name)) {
      remove(number, families.get(next));
      next++;
    }
    return next;
  }

  private static boolean isBefore(String name, String other) {
    return other == null || !name.equals(other) && Names.BY_CODE_POINT.compare(name, other) < 0;
  }

  private void replace(int number, Family older, Family family, boolean isChecked) {
    size.add(family.block());
    if (older != null) {
      size.remove(older.block());
    }
    exposed.replace(number, older, family, isChecked);
  }

  private void remove(int number, Family family) {
    exposed.remove(number, family);
    size.remove(family.block());
  }

  private void remove(GroupingKey key) {
    Group group = groups.get(key);
    if (group == null) {
      return;
    }
    int number = groups.numberOf(key);
    if (isIndexed) {
      for (Family family : group.families()) {
        remove(number, family);
      }
    }
    size.removeGroup(number, key);
    groups.remove(key);
  }

  private void clear() {
    groups.clear();
    exposed.clear();
    size.clear();
  }

  /** Returns the same as {@link MetricStore#families}. */
  List<MergedFamily> families() throws InconsistentStoreException {
    return exposed.families();
  }
}
