package dev.pushgateway.request;

import dev.pushgateway.access.Client;
import dev.pushgateway.access.Role;

/** What clients are told who may not do what they ask for. */
public final class AccessRefusals {
  public static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private AccessRefusals() {}

  /** Names the role that is missing. */
  public static RequestRefusedException of(Client client, Requirement requirement) {
    return client.isKnown() ? forbidden(client, requirement) : unauthorized(requirement);
  }

  private static RequestRefusedException unauthorized(Requirement requirement) {
    String role =
        requirement.role().map(missing -> " with the role \"" + missing.word() + "\"").orElse("");
    return new RequestRefusedException(
        UNAUTHORIZED, "this needs a user or a token" + role + ", and none was sent");
  }

  /** Who is known is let in where no role is needed. */
  private static RequestRefusedException forbidden(Client client, Requirement requirement) {
    Role role = requirement.role().orElseThrow();
    String where = client.permissions().has(role) ? " for this group" : "";
    String who = SafeText.quote(client.name());
    return new RequestRefusedException(
        FORBIDDEN, who + " does not have the role \"" + role.word() + "\"" + where);
  }
}
