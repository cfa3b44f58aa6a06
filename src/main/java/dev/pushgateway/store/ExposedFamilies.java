package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.store.ConsistencyCheck.IncomingFamilies;
import dev.pushgateway.store.Group.Family;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The stored families that a scrape shows.
 *
 * <p>Most families pass the {@link ConsistencyCheck} before they are stored. Families from a file,
 * families pushed without a check, and push times may fail it: they are stored but hidden. A change
 * may remove the obstacle of hidden families. They are then exposed, in the order in which they
 * came. Only changes decide this, never a scrape. Guarded by the store's lock.
 */
final class ExposedFamilies {
  private static final Comparator<Hidden> BY_SEQUENCE = Comparator.comparingLong(Hidden::sequence);

  private final boolean checksConsistency;
  private final GroupTable groups;
  private final FamilyIndex index;
  private final ConsistencyCheck check;

  /** The hidden families by name. The inner map is by identity, in the order in which they came. */
  private final Map<String, Map<Family, Hidden>> hidden = new HashMap<>();

  /** The names of families that the current change has removed from the index. */
  private final Set<String> freedNames = new LinkedHashSet<>();

  private long hiddenCount;

  /**
   * A family that cannot be exposed now.
   *
   * @param sequence the order in which families came
   * @param group the number of its group
   */
  private record Hidden(long sequence, int group, Family family) {}

  /**
   * Creates an empty set.
   *
   * @param checksConsistency whether pushed families have passed the check before they come here
   * @param reserved the types of the gateway's own families, by name
   */
  ExposedFamilies(
      boolean checksConsistency,
      Map<String, MetricType> reserved,
      GroupTable groups,
      long hashMask) {
    this.checksConsistency = checksConsistency;
    this.groups = groups;
    this.index = new FamilyIndex(reserved, groups::get, hashMask);
    this.check = new ConsistencyCheck(index, groups::get);
  }

  /** Makes room for a number of series. Call this before any family is exposed. */
  void expect(long count) {
    index.expect(count);
  }

  /** Returns why the families are refused, in one sentence; {@code null} if they are accepted. */
  String refusal(IncomingFamilies incoming) {
    return check.refusal(incoming);
  }

  /**
   * Exposes a family if it passes the check, and otherwise hides it.
   *
   * @return why it is hidden, in one sentence; {@code null} if it is exposed
   */
  String add(int number, Family family) {
    String refusal = refusal(number, family);
    if (refusal == null) {
      index.add(number, family, null);
    } else {
      hidden
          .computeIfAbsent(family.name(), name -> new LinkedHashMap<>())
          .put(family, new Hidden(hiddenCount++, number, family));
    }
    return refusal;
  }

  /**
   * Exposes a family in place of an older one of its group.
   *
   * @param older {@code null} if there is none
   * @param isChecked whether the family has passed the check in the current state
   */
  void replace(int number, Family older, Family family, boolean isChecked) {
    boolean wasExposed = older != null && older.place != Family.NOWHERE;
    boolean isSame = wasExposed && isSame(older.block(), family.block());
    if (isSame || isChecked && !GroupTransitions.isPushTime(family.name())) {
      if (wasExposed && !isSame) {
        freedNames.add(family.name());
      } else if (older != null && !wasExposed) {
        removeHidden(older);
      }
      index.add(number, family, older);
      return;
    }
    if (older != null) {
      remove(number, older);
    }
    add(number, family);
  }

  /** Returns whether the new block neither removes nor adds a name or series. */
  private static boolean isSame(FamilyBlock older, FamilyBlock block) {
    return older.type() == block.type() && block.problem() == null && older.hasSameSeries(block);
  }

  /** Removes a family of a group. */
  void remove(int number, Family family) {
    if (family.place == Family.NOWHERE) {
      removeHidden(family);
    } else {
      index.remove(number, family);
      freedNames.add(family.name());
    }
  }

  private void removeHidden(Family family) {
    Map<Family, Hidden> ofName = hidden.get(family.name());
    if (ofName != null && ofName.remove(family) != null && ofName.isEmpty()) {
      hidden.remove(family.name());
    }
  }

  /** Returns the names of the hidden families, by group number. The caller may change the maps. */
  Map<Integer, List<String>> hidden() {
    Map<Integer, List<String>> byGroup = new TreeMap<>();
    for (Map<Family, Hidden> ofName : hidden.values()) {
      for (Hidden one : ofName.values()) {
        byGroup.computeIfAbsent(one.group, group -> new ArrayList<>()).add(one.family.name());
      }
    }
    return byGroup;
  }

  void clear() {
    index.clear();
    hidden.clear();
    freedNames.clear();
  }

  /**
   * Ends a change. Exposes the hidden families whose obstacle the change has removed. The cost
   * depends on the removed names, and on the number of hidden families with these names.
   */
  void endChange() {
    if (!freedNames.isEmpty() && !hidden.isEmpty()) {
      List<Hidden> candidates = new ArrayList<>();
      for (String name : relatedNames()) {
        candidates.addAll(hidden.getOrDefault(name, Map.of()).values());
      }
      candidates.sort(BY_SEQUENCE);
      for (Hidden candidate : candidates) {
        if (refusal(candidate.group, candidate.family) == null) {
          removeHidden(candidate.family);
          index.add(candidate.group, candidate.family, null);
        }
      }
    }
    freedNames.clear();
  }

  /** Returns the names of families for which a removed name may have been the obstacle. */
  private Set<String> relatedNames() {
    Set<String> names = new LinkedHashSet<>(freedNames);
    for (String freed : freedNames) {
      String base = ConsistencyCheck.withoutSuffix(freed);
      if (base != null) {
        names.add(base);
      }
      ConsistencyCheck.SUFFIXES.forEach(suffix -> names.add(freed + suffix));
    }
    return names;
  }

  /**
   * Returns all exposed families, sorted by name.
   *
   * @throws InconsistentStoreException if families pushed without a check cannot be exposed
   */
  List<MergedFamily> families() throws InconsistentStoreException {
    if (!checksConsistency && !hidden.isEmpty()) {
      checkHidden();
    }
    return index.families();
  }

  private void checkHidden() throws InconsistentStoreException {
    Optional<Hidden> earliest =
        hidden.values().stream()
            .flatMap(ofName -> ofName.values().stream())
            .filter(candidate -> !GroupTransitions.isPushTime(candidate.family.name()))
            .min(BY_SEQUENCE);
    if (earliest.isPresent()) {
      Hidden first = earliest.get();
      throw new InconsistentStoreException(
          "group " + groups.get(first.group).key() + ": " + refusal(first.group, first.family));
    }
  }

  private String refusal(int number, Family family) {
    return check.refusal(
        new IncomingFamilies(number, null, false, Map.of(family.name(), family.block())));
  }
}
