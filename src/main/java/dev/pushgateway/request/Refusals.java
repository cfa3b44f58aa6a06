package dev.pushgateway.request;

import dev.pushgateway.access.Client;
import dev.pushgateway.access.Role;

/** What clients are told who may not do what they ask for. */
public final class Refusals {
  public static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private Refusals() {}

  /** Names the role that is missing. */
  public static RequestRefusedException of(Client client, Need need) {
    return client.isKnown() ? forbidden(client, need) : unauthorized(need);
  }

  private static RequestRefusedException unauthorized(Need need) {
    String role =
        need.role().map(missing -> " with the role \"" + missing.word() + "\"").orElse("");
    return new RequestRefusedException(
        UNAUTHORIZED, "this needs a user or a token" + role + ", and none was sent");
  }

  /** Who is known is let in where no role is needed. */
  private static RequestRefusedException forbidden(Client client, Need need) {
    Role role = need.role().orElseThrow();
    String where = client.permissions().has(role) ? " for this group" : "";
    String who = Sentences.quote(client.name());
    return new RequestRefusedException(
        FORBIDDEN, who + " does not have the role \"" + role.word() + "\"" + where);
  }
}
