package dev.pushgateway.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import dev.pushgateway.access.Authentication.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Checks passwords against bcrypt hashes, and remembers up to {@value #MAX_REMEMBERED} right and as
 * many wrong ones.
 *
 * <ul>
 *   <li>A hash of cost 10 takes about 60 ms. Right and wrong passwords are remembered apart, so
 *       that many wrong ones cannot push out the right ones. The key is a digest of name, password
 *       and hash with a salt of this process. A new hash in the file makes a new key.
 *   <li>A user's wrong password costs what the user's hash costs. An unknown user's password has
 *       the most common cost of the file. The time of a wrong login therefore reveals only the
 *       names whose cost differs from the most common one.
 *   <li>{@link LoginQueues} limits how many passwords are checked at a time.
 *   <li>bcrypt reads 72 bytes of a password; the rest is ignored, as in Go.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class PasswordCheck {
  /** Compares a password with a hash. The comparison is slow on purpose. */
  interface Comparison {
    boolean matches(byte[] password, String hash);
  }

  static final int MAX_REMEMBERED = 1_000;
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  /** Stands for salt and digest in a hash that no password has. */
  private static final String NO_DIGEST = ".".repeat(53);

  private static final BCrypt.Verifyer BCRYPT =
      BCrypt.verifyer(
          BCrypt.Version.VERSION_2B, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2B));

  private final byte[] salt = new byte[32];
  private final Map<SecretKey, Boolean> right = recent();
  private final Map<SecretKey, Boolean> wrong = recent();
  private final LoginQueues queues =
      new LoginQueues(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), MAX_WAIT);
  private final Comparison comparison;

  /** The hash for unknown users, made once for each version of the file. */
  private volatile StandIn standIn = new StandIn(Map.of(), "");

  private record StandIn(Map<String, String> users, String hash) {}

  PasswordCheck() {
    this(PasswordCheck::matches);
  }

  PasswordCheck(Comparison comparison) {
    this.comparison = comparison;
    new SecureRandom().nextBytes(salt);
  }

  /**
   * Checks a password.
   *
   * @param credentials {@code name:password}; the password is from {@code from} to the end
   * @param users bcrypt hashes by name; at least one
   * @return known, wrong or busy
   */
  Outcome check(String name, byte[] credentials, int from, Map<String, String> users) {
    String own = users.get(name);
    boolean isKnown = own != null;
    String hash = isKnown ? own : standIn(users);
    SecretKey key = key(credentials, hash, isKnown);
    if (right.get(key) != null) {
      return Outcome.KNOWN;
    }
    if (wrong.get(key) != null) {
      return Outcome.WRONG;
    }
    byte[] password = Arrays.copyOfRange(credentials, from, credentials.length);
    int cost = Bcrypt.cost(hash);
    return isKnown
        ? queues.forUser(name, cost, () -> compare(password, hash, key, true))
        : queues.forStranger(cost, () -> compare(password, hash, key, false));
  }

  private Outcome compare(byte[] password, String hash, SecretKey key, boolean isKnown) {
    // Several requests of one client may come at the same time; one comparison is enough.
    boolean isRight =
        right.get(key) != null
            || wrong.get(key) == null && comparison.matches(password, hash) && isKnown;
    (isRight ? right : wrong).put(key, true);
    return isRight ? Outcome.KNOWN : Outcome.WRONG;
  }

  private static boolean matches(byte[] password, String hash) {
    return BCRYPT.verify(password, hash.getBytes(StandardCharsets.US_ASCII)).verified;
  }

  /** Returns a hash that no password has, with the most common cost of the file. */
  private String standIn(Map<String, String> users) {
    StandIn current = standIn;
    if (current.users() != users) {
      int cost = Bcrypt.usualCost(users.values());
      current = new StandIn(users, String.format(Locale.ROOT, "$2b$%02d$", cost) + NO_DIGEST);
      standIn = current;
    }
    return current.hash();
  }

  /**
   * Returns the key of a login. Flag and hash have fixed lengths, so that no two logins share a
   * key.
   */
  private SecretKey key(byte[] credentials, String hash, boolean isKnown) {
    MessageDigest digest = Authenticator.sha256();
    digest.update(salt);
    digest.update((byte) (isKnown ? 1 : 0));
    digest.update(hash.getBytes(StandardCharsets.US_ASCII));
    digest.update(credentials);
    return new SecretKey(digest.digest());
  }

  /** Creates a map that drops the key whose last use is the longest ago. */
  private static Map<SecretKey, Boolean> recent() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<SecretKey, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
          }
        });
  }
}
