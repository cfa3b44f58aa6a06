package dev.pushgateway.access;

import dev.pushgateway.access.Authentication.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Authenticates the sender of an {@code Authorization} header: {@code Basic} with a user of the
 * file, or {@code Bearer} with one of its tokens.
 *
 * <p>Thread-safe. Keeps no headers; {@link PasswordCheck} says what is kept of passwords.
 */
public final class Authenticator {
  private static final String BASIC = "basic ";
  private static final String BEARER = "bearer ";

  private final PasswordCheck passwords = new PasswordCheck();

  /**
   * Checks a header. Takes about a microsecond if the header is right or its password was checked
   * before; otherwise the time of bcrypt.
   *
   * @param authorization the header; {@code null} if there is none
   */
  public Authentication authenticate(String authorization, AccessRules rules) {
    if (authorization == null || authorization.isEmpty()) {
      return new Authentication(Outcome.NONE, rules.anyone());
    }
    if (startsWith(authorization, BASIC)) {
      return basic(authorization.substring(BASIC.length()).strip(), rules);
    }
    if (startsWith(authorization, BEARER)) {
      return bearer(authorization.substring(BEARER.length()).strip(), rules);
    }
    return wrong(rules);
  }

  private static boolean startsWith(String header, String scheme) {
    return header.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static Authentication wrong(AccessRules rules) {
    return new Authentication(Outcome.WRONG, rules.anyone());
  }

  private Authentication basic(String encoded, AccessRules rules) {
    byte[] credentials;
    try {
      credentials = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      return wrong(rules);
    }
    int colon = new String(credentials, StandardCharsets.ISO_8859_1).indexOf(':');
    if (colon < 0 || rules.users().isEmpty()) {
      return wrong(rules);
    }
    String name = new String(credentials, 0, colon, StandardCharsets.UTF_8);
    Outcome outcome = passwords.check(name, credentials, colon + 1, rules.users());
    return new Authentication(
        outcome, outcome == Outcome.KNOWN ? rules.user(name) : rules.anyone());
  }

  private static Authentication bearer(String token, AccessRules rules) {
    byte[] digest = sha256().digest(token.getBytes(StandardCharsets.UTF_8));
    String name = rules.tokens().get(new SecretKey(digest));
    return name == null ? wrong(rules) : new Authentication(Outcome.KNOWN, rules.token(name));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
