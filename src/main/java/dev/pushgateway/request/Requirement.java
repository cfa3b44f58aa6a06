package dev.pushgateway.request;

import dev.pushgateway.access.Client;
import dev.pushgateway.access.Role;
import jakarta.servlet.http.HttpServletResponse;
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

  /** What a client is told who may not do what it asks for: the role that is missing. */
  public RequestRefusedException refusal(Client client) {
    String needed = role().map(missing -> "the role \"" + missing.word() + '"').orElse("");
    if (!client.isKnown()) {
      String with = needed.isEmpty() ? "" : " with " + needed;
      return new RequestRefusedException(
          RequestRefusedException.UNAUTHORIZED,
          "this needs a user or a token" + with + ", and none was sent");
    }
    boolean isForOthers = role().filter(client.permissions()::has).isPresent();
    String where = isForOthers ? " for this group" : "";
    return new RequestRefusedException(
        HttpServletResponse.SC_FORBIDDEN,
        SafeText.quote(client.name()) + " does not have " + needed + where);
  }
}
