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
    if (requiresCertificates(before.tls()) && asksForNone(after.tls())) {
      throw new WebConfigException("clients need no certificate any more" + RESTART);
    }
  }

  private static boolean requiresCertificates(Optional<TlsSettings> tls) {
    return tls.isPresent() && tls.get().clientAuth().isRequired();
  }

  private static boolean asksForNone(Optional<TlsSettings> tls) {
    return tls.isPresent() && !tls.get().clientAuth().isAsked();
  }
}
