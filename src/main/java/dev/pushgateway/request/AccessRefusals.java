package dev.pushgateway.request;

import dev.pushgateway.access.Client;

/** What clients are told who may not do what they ask for. */
public final class AccessRefusals {
  public static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private AccessRefusals() {}

  /** Names the role that is missing. */
  public static RequestRefusedException of(Client client, Requirement requirement) {
    String role = requirement.role().map(needed -> "the role \"" + needed.word() + '"').orElse("");
    if (!client.isKnown()) {
      String with = role.isEmpty() ? "" : " with " + role;
      return new RequestRefusedException(
          UNAUTHORIZED, "this needs a user or a token" + with + ", and none was sent");
    }
    boolean isForOthers = requirement.role().filter(client.permissions()::has).isPresent();
    String where = isForOthers ? " for this group" : "";
    return new RequestRefusedException(
        FORBIDDEN, SafeText.quote(client.name()) + " does not have " + role + where);
  }
}
