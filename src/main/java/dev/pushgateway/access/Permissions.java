package dev.pushgateway.access;

import dev.pushgateway.model.Labels;
import dev.pushgateway.selector.SeriesSelector;
import dev.pushgateway.selector.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All that somebody may do. Immutable. */
public final class Permissions {
  static final Permissions NONE = new Permissions(List.of());
  static final Permissions ALL = of(Set.of(Role.values()));

  /**
   * Some roles, for all groups or for some.
   *
   * @param groups selectors of grouping labels, of which one must select the group that is pushed
   *     to or deleted; empty for all groups
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

  /** Roles for all groups, granted by somebody else than a web config file. */
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

  /** Whether anything is allowed. */
  public boolean isAny() {
    return grants.stream().anyMatch(grant -> !grant.roles().isEmpty());
  }

  /** Whether a role is there, be it for some groups only. */
  public boolean has(Role role) {
    return grants.stream().anyMatch(grant -> grant.roles().contains(role));
  }

  /** Whether a role is there, and for every group. */
  public boolean hasForAllGroups(Role role) {
    return grants.stream().anyMatch(grant -> grant.isForAllGroups(role));
  }

  /** Whether a role is there for the group of these grouping labels. */
  public boolean hasFor(Role role, Labels group) {
    return hasForAllGroups(role) || grants.stream().anyMatch(grant -> grant.isFor(role, group));
  }
}
