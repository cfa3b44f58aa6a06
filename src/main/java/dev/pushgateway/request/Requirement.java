package dev.pushgateway.request;

import dev.pushgateway.access.Client;
import dev.pushgateway.access.Role;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;

/** The permission that a client needs for one method on one path. */
public enum Requirement {
  PUSH(Role.PUSH),
  DELETE(Role.DELETE),
  SCRAPE(Role.SCRAPE),
  ADMIN(Role.ADMIN),
  /** Needs a login: for unknown paths and methods. */
  LOGIN(null),
  /** Needs a login, unless health checks are open to anyone. */
  HEALTH(null),
  /** Needs nothing: browsers send {@code OPTIONS} requests without a login. */
  NOTHING(null);

  private final Role role;

  Requirement(Role role) {
    this.role = role;
  }

  public Optional<Role> role() {
    return Optional.ofNullable(role);
  }

  /** Returns the refusal for a client without this permission, which names the missing role. */
  public RequestRefusedException refusal(Client client) {
    String needed = role().map(missing -> "the role \"" + missing.word() + '"').orElse("");
    if (!client.isKnown()) {
      String with = needed.isEmpty() ? "" : " with " + needed;
      return new RequestRefusedException(
          RequestRefusedException.UNAUTHORIZED, "login required: send a user or a token" + with);
    }
    boolean isForOthers = role().filter(client.permissions()::has).isPresent();
    String where = isForOthers ? " for this group" : "";
    return new RequestRefusedException(
        HttpServletResponse.SC_FORBIDDEN,
        SafeText.quote(client.name()) + " does not have " + needed + where);
  }
}
