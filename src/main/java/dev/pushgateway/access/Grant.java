package dev.pushgateway.access;

import dev.pushgateway.model.Labels;
import dev.pushgateway.selector.SeriesSelector;
import java.util.List;
import java.util.Set;

/**
 * Some roles, for all groups or for some.
 *
 * @param groups selectors of grouping labels, of which one must select the group that is pushed to
 *     or deleted; empty for all groups
 */
record Grant(Set<Role> roles, List<SeriesSelector> groups) {
  /** Everything, which who is known may do where there are no roles. */
  static final Grant ALL = new Grant(Set.of(Role.values()), List.of());

  Grant {
    roles = Set.copyOf(roles);
    groups = List.copyOf(groups);
  }

  boolean isForAllGroups(Role role) {
    return roles.contains(role) && (groups.isEmpty() || role == Role.SCRAPE || role == Role.ADMIN);
  }

  boolean isFor(Role role, Labels group) {
    return roles.contains(role) && groups.stream().anyMatch(selector -> selector.matches(group));
  }
}
