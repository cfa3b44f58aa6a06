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
 * Checks passwords against hashes of bcrypt, and remembers the outcomes.
 *
 * <ul>
 *   <li>A hash of cost 10 takes about 60 ms. Outcomes are kept, right and wrong ones apart, because
 *       otherwise many wrong passwords would push out the right ones. The key is a digest of name,
 *       password and hash with a salt of this process. A new hash in the file is another key.
 *   <li>A user's wrong password costs what the user's hash costs. An unknown user's password costs
 *       what the most common cost in the file is. The time of a wrong login therefore tells only
 *       which names have another cost.
 *   <li>{@link LoginQueues} limits how many passwords are checked at a time.
 *   <li>bcrypt reads 72 bytes of a password; the rest is ignored, as in Go.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class PasswordCheck {
  /** Compares a password with a hash, which takes its time. */
  interface Comparison {
    boolean matches(byte[] password, String hash);
  }

  static final int MAX_REMEMBERED = 1_000;
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  /** Salt and digest of no password, in the alphabet of bcrypt. */
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

  /** The hash for unknown users, made once for each file. */
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
   * Checks a password: known, wrong or busy.
   *
   * @param credentials holds the password, from {@code from} to its end
   * @param users hashes by name; one at least
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
    // Requests of one client come at the same time; one comparison is enough.
    boolean isRight =
        right.get(key) != null
            || wrong.get(key) == null && comparison.matches(password, hash) && isKnown;
    (isRight ? right : wrong).put(key, true);
    return isRight ? Outcome.KNOWN : Outcome.WRONG;
  }

  private static boolean matches(byte[] password, String hash) {
    return BCRYPT.verify(password, hash.getBytes(StandardCharsets.US_ASCII)).verified;
  }

  /** Returns a hash of no password that costs as much as most hashes of the file. */
  private String standIn(Map<String, String> users) {
    StandIn current = standIn;
    if (current.users() != users) {
      int cost = Bcrypt.usualCost(users.values());
      current = new StandIn(users, String.format(Locale.ROOT, "$2b$%02d$", cost) + NO_DIGEST);
      standIn = current;
    }
    return current.hash();
  }

  /** The hash has a fixed length, so that nothing runs into anything else. */
  private SecretKey key(byte[] credentials, String hash, boolean isKnown) {
    MessageDigest digest = Authenticator.sha256();
    digest.update(salt);
    digest.update((byte) (isKnown ? 1 : 0));
    digest.update(hash.getBytes(StandardCharsets.US_ASCII));
    digest.update(credentials);
    return new SecretKey(digest.digest());
  }

  /** Forgets what was not asked for the longest time. */
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
