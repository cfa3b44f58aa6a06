package dev.pushgateway.access;

import java.util.Optional;

/**
 * What a change of the file may not do while the gateway runs: open a door wholly. A file that was
 * cut while it was written, or copied in part, can be valid, and say nothing of users, of roles or
 * of clients' certificates; the exporter-toolkit would let everybody in.
 */
final class ChangeCheck {
  private static final String RESTART = "; to open the gateway so far, restart it";

  private ChangeCheck() {}

  /**
   * Compares what is in force with what is to be.
   *
   * @throws WebConfigException if a restriction would be gone, and not just changed
   */
  static void check(WebConfig before, WebConfig after) throws WebConfigException {
    AccessRules rules = before.rules();
    if (rules.restrict() && !after.rules().restrict()) {
      throw new WebConfigException("there are no users, tokens and roles any more" + RESTART);
    }
    if (rules.roles().isPresent() && after.rules().roles().isEmpty()) {
      throw new WebConfigException(
          "there are no roles any more, and each user could do everything" + RESTART);
    }
    checkGroups(rules, after.rules());
    if (!rules.openHealth() && after.rules().openHealth()) {
      throw new WebConfigException("open_health is not false any more" + RESTART);
    }
    if (before.tls().isPresent()) {
      checkCertificates(before.tls().get(), after.tls());
    }
  }

  /** Nobody may do to all groups what they could do to some: {@code groups} may be cut off. */
  private static void checkGroups(AccessRules before, AccessRules after) throws WebConfigException {
    checkGroups("anyone", before.anyone(), after.anyone());
    for (String name : before.users().keySet()) {
      checkGroups("user " + quoted(name), before.user(name), after.user(name));
    }
    for (String name : before.tokens().values()) {
      checkGroups("token " + quoted(name), before.token(name), after.token(name));
    }
  }

  private static void checkGroups(String who, Client before, Client after)
      throws WebConfigException {
    for (Role role : Role.values()) {
      boolean wasForSome =
          before.permissions().has(role) && !before.permissions().hasForAllGroups(role);
      if (wasForSome && after.permissions().hasForAllGroups(role)) {
        String act = role == Role.PUSH ? "push to" : role.word();
        throw new WebConfigException(
            who + " could " + act + " all groups, and not just some" + RESTART);
      }
    }
  }

  private static String quoted(String name) {
    return '"' + YamlMapping.printable(name) + '"';
  }

  private static void checkCertificates(TlsSettings before, Optional<TlsSettings> after)
      throws WebConfigException {
    ClientAuth auth = after.map(TlsSettings::clientAuth).orElse(ClientAuth.NO_CLIENT_CERT);
    if (before.clientAuth().isRequired() && !auth.isRequired()) {
      throw new WebConfigException("clients need no certificate any more" + RESTART);
    }
    if (before.clientAuth().isVerified() && !auth.isVerified()) {
      throw new WebConfigException("certificates of clients are not verified any more" + RESTART);
    }
    if (isGone(before.clientAuthorities(), after.flatMap(TlsSettings::clientAuthorities))) {
      throw new WebConfigException(
          "there is no client_ca any more, and all that the JVM trusts would be" + RESTART);
    }
    if (isGone(before.allowedClientNames(), after.flatMap(TlsSettings::allowedClientNames))) {
      throw new WebConfigException("there are no client_allowed_sans any more" + RESTART);
    }
  }

  private static boolean isGone(Optional<?> before, Optional<?> after) {
    return before.isPresent() && after.isEmpty();
  }
}
