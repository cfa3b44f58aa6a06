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
 * <p>Most families pass the {@link ConsistencyCheck} before they are stored. Those of a file, those
 * that come without a check, and the push times may not pass: they are stored, but hidden. A hidden
 * family is exposed as soon as a change removes what was in its way, in the order in which the
 * families came. Only changes decide that, never a scrape. Guarded by the store's lock.
 */
final class ExposedFamilies {
  private static final Comparator<Hidden> BY_SEQUENCE = Comparator.comparingLong(Hidden::sequence);

  private final boolean checksConsistency;
  private final GroupTable groups;
  private final FamilyIndex index;
  private final ConsistencyCheck check;

  /** Hidden families by name; by identity, in the order in which they came. */
  private final Map<String, Map<Family, Hidden>> hidden = new HashMap<>();

  /** Names of families that the change being applied has taken out of the index. */
  private final Set<String> freedNames = new LinkedHashSet<>();

  private long hiddenCount;

  /**
   * A family that cannot be exposed now.
   *
   * @param sequence tells which of two families came first
   * @param group the number of its group
   */
  private record Hidden(long sequence, int group, Family family) {}

  /**
   * Nothing is exposed yet.
   *
   * @param checksConsistency whether pushed families come here only after the check
   * @param reserved the types of the gateway's own families by name
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

  /** Makes room for a number of series; nothing may have been exposed yet. */
  void expect(long count) {
    index.expect(count);
  }

  /** Says in one sentence why families must not come; {@code null} if they may. */
  String refusal(IncomingFamilies incoming) {
    return check.refusal(incoming);
  }

  /**
   * Exposes a family if it passes the check, and hides it otherwise.
   *
   * @return why it is hidden, in one sentence, or {@code null}
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
   * @param isChecked whether the family has passed the check in this very state
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

  /** Returns whether a block takes no name or series away and adds none. */
  private static boolean isSame(FamilyBlock older, FamilyBlock block) {
    return older.type() == block.type() && block.problem() == null && older.hasSameSeries(block);
  }

  /** Takes a family of a group out. */
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

  /** The names of the hidden families by the number of their group; the maps are new. */
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
   * Ends a change: exposes the hidden families whose obstacle the change has removed. The cost
   * depends on the names that the change has removed, and on the hidden families of those names.
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

  /** The names of which a freed name may have been in the way. */
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
   * All that is exposed, sorted by name.
   *
   * @throws InconsistentStoreException if pushes came without a check that cannot be exposed
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
