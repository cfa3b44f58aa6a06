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
 * Selects groups of a listing, and some of their metrics.
 *
 * @param jobs the group must have one of these jobs; empty for any
 * @param key the only group to list; absent for any
 * @param failing whether the last push of the group must have failed; absent for any
 * @param pushedBeforeNanos the last accepted push must be older than this time; absent for any
 * @param search words that the group must contain
 * @param metrics a family must have one of these names; empty for any
 * @param selectors one of these must select the metric; empty for any
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

  /** Returns whether the filter selects every group. */
  boolean takesAll() {
    return equals(NONE);
  }

  /**
   * Returns the selected families and metrics of a group; empty if none.
   *
   * @param steps counts the work; may end it
   */
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

  /**
   * Returns the selectors that may still select series with these labels, without the matchers of
   * these labels.
   */
  private static List<SeriesSelector> given(
      Labels known, List<SeriesSelector> selectors, Steps steps) {
    return selectors.stream().flatMap(selector -> selector.given(known, steps).stream()).toList();
  }
}
