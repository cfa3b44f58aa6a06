package dev.pushgateway.request;

import dev.pushgateway.access.Role;
import java.util.Optional;

/** What a client needs for one method on one path. */
public enum Requirement {
  PUSH(Role.PUSH),
  DELETE(Role.DELETE),
  SCRAPE(Role.SCRAPE),
  ADMIN(Role.ADMIN),
  /** To be known: for paths and methods that lead nowhere. */
  LOGIN(null),
  /** To be known, unless health checks are open to anyone. */
  HEALTH(null),
  /** Nothing: browsers ask for the options of a request without telling who they are. */
  NOTHING(null);

  private final Role role;

  Requirement(Role role) {
    this.role = role;
  }

  public Optional<Role> role() {
    return Optional.ofNullable(role);
  }
}
