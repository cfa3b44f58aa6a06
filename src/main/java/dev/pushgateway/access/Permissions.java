package dev.pushgateway.access;

import dev.pushgateway.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All that somebody may do. Immutable. */
public final class Permissions {
  static final Permissions NONE = new Permissions(List.of());
  static final Permissions ALL = of(Grant.ALL);

  private final List<Grant> grants;

  private Permissions(List<Grant> grants) {
    this.grants = List.copyOf(grants);
  }

  /** Roles for all groups, granted by somebody else than a web config file. */
  public static Permissions of(Set<Role> roles) {
    return of(new Grant(roles, List.of()));
  }

  static Permissions of(Grant grant) {
    return new Permissions(List.of(grant));
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
