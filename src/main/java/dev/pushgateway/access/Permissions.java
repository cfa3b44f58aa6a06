package dev.pushgateway.access;

import dev.pushgateway.model.Labels;
import dev.pushgateway.selector.SeriesSelector;
import dev.pushgateway.selector.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The roles of one client, each for all groups or for some. Immutable. */
public final class Permissions {
  static final Permissions NONE = new Permissions(List.of());
  static final Permissions ALL = of(Set.of(Role.values()));

  /**
   * Grants some roles, for all groups or for some.
   *
   * @param groups selectors of grouping labels. One of them must select the group of a push or a
   *     deletion. Empty for all groups
   */
  private record Grant(Set<Role> roles, List<SeriesSelector> groups) {
    boolean isForAllGroups(Role role) {
      boolean isForGroups = role == Role.PUSH || role == Role.DELETE;
      return roles.contains(role) && (groups.isEmpty() || !isForGroups);
    }

    boolean isFor(Role role, Labels group) {
      return roles.contains(role)
          && groups.stream().anyMatch(one -> one.matches(group, Steps.UNLIMITED));
    }
  }

  private final List<Grant> grants;

  private Permissions(List<Grant> grants) {
    this.grants = List.copyOf(grants);
  }

  /** Grants roles for all groups, for a client whose roles do not come from a web config file. */
  public static Permissions of(Set<Role> roles) {
    return of(roles, List.of());
  }

  static Permissions of(Set<Role> roles, List<SeriesSelector> groups) {
    return new Permissions(List.of(new Grant(Set.copyOf(roles), List.copyOf(groups))));
  }

  Permissions and(Permissions others) {
    List<Grant> all = new ArrayList<>(grants);
    all.addAll(others.grants);
    return new Permissions(all);
  }

  /** Returns whether there is any role. */
  public boolean isAny() {
    return grants.stream().anyMatch(grant -> !grant.roles().isEmpty());
  }

  /** Returns whether the role is granted for at least some groups. */
  public boolean has(Role role) {
    return grants.stream().anyMatch(grant -> grant.roles().contains(role));
  }

  /** Returns whether the role is granted for all groups. */
  public boolean hasForAllGroups(Role role) {
    return grants.stream().anyMatch(grant -> grant.isForAllGroups(role));
  }

  /**
   * Returns whether the role is granted for a group.
   *
   * @param group the group's grouping labels
   */
  public boolean hasFor(Role role, Labels group) {
    return hasForAllGroups(role) || grants.stream().anyMatch(grant -> grant.isFor(role, group));
  }
}
