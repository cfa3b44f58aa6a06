package dev.pushgateway.listing;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.listing.ListedGroup.ListedFamily;
import dev.pushgateway.model.Labels;
import dev.pushgateway.selector.SeriesSelector;
import dev.pushgateway.selector.Steps;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.Group.Family;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which groups of a listing are wanted, and which of their metrics.
 *
 * @param jobs one of which the group must have; any if empty
 * @param key the only group that is wanted
 * @param failing whether the last push must have failed or must not have
 * @param pushedBeforeNanos the last accepted push must be older than this
 * @param metrics one of which a family's name must be; any if empty
 * @param selectors one of which must select a metric; any if empty
 */
record GroupFilter(
    Set<String> jobs,
    Optional<GroupingKey> key,
    Optional<Boolean> failing,
    Optional<Long> pushedBeforeNanos,
    GroupSearch search,
    Set<String> metrics,
    List<SeriesSelector> selectors) {
  static final GroupFilter NONE =
      new GroupFilter(
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          GroupSearch.ANYTHING,
          Set.of(),
          List.of());

  /** Whether no group is left out. */
  boolean takesAll() {
    return equals(NONE);
  }

  /** What of a group is wanted; empty if nothing is. */
  Optional<ListedGroup> select(Group group, Steps steps) {
    steps.step();
    return isWanted(group) && search.finds(group, steps)
        ? selectFamilies(group, steps)
        : Optional.empty();
  }

  private boolean isWanted(Group group) {
    if (!jobs.isEmpty() && !jobs.contains(group.key().job())) {
      return false;
    }
    if (key.isPresent() && !key.get().equals(group.key())) {
      return false;
    }
    if (failing.isPresent() && failing.get() == group.lastPushSuccessful()) {
      return false;
    }
    return pushedBeforeNanos.isEmpty() || group.pushTimeNanos() < pushedBeforeNanos.get();
  }

  private Optional<ListedGroup> selectFamilies(Group group, Steps steps) {
    List<SeriesSelector> left = given(group.key().labels(), selectors, steps);
    if (left.isEmpty() && !selectors.isEmpty()) {
      return Optional.empty();
    }
    List<ListedFamily> families = new ArrayList<>();
    for (Family family : group.families()) {
      if (metrics.isEmpty() || metrics.contains(family.name())) {
        select(family, left, steps).ifPresent(families::add);
      }
    }
    return families.isEmpty() ? Optional.empty() : Optional.of(new ListedGroup(group, families));
  }

  private Optional<ListedFamily> select(
      Family family, List<SeriesSelector> selectorsOfGroup, Steps steps) {
    List<SeriesSelector> left =
        given(Labels.of(SeriesSelector.NAME, family.name()), selectorsOfGroup, steps);
    if (selectors.isEmpty() || left.stream().anyMatch(SeriesSelector::takesAll)) {
      return Optional.of(ListedFamily.whole(family));
    }
    BitSet selected = new BitSet();
    if (!left.isEmpty()) {
      selectMetrics(family.block(), left, selected, steps);
    }
    return selected.isEmpty()
        ? Optional.empty()
        : Optional.of(new ListedFamily(family, selected, selected.cardinality()));
  }

  private static void selectMetrics(
      FamilyBlock block, List<SeriesSelector> anyOf, BitSet selected, Steps steps) {
    for (int i = 0; i < block.size(); i++) {
      Labels labels = block.metric(i).labels();
      if (anyOf.stream().anyMatch(selector -> selector.matches(labels, steps))) {
        selected.set(i);
      }
    }
  }

  /** Selectors that these labels do not rule out, reduced to what is left to be asked. */
  private static List<SeriesSelector> given(
      Labels known, List<SeriesSelector> selectors, Steps steps) {
    return selectors.stream().flatMap(selector -> selector.given(known, steps).stream()).toList();
  }
}
