package dev.pushgateway.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import dev.pushgateway.access.Authentication.Outcome;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Checks passwords against hashes of bcrypt, and remembers what came of it.
 *
 * <p>Four things at once:
 *
 * <ul>
 *   <li>A hash of cost 10 takes some 60 ms. Answers are kept, right and wrong ones apart, so that
 *       no number of wrong ones pushes out a right one. They are kept by a digest of name, password
 *       and hash with a salt of this process, never by the password; and a new hash in the file is
 *       another digest.
 *   <li>Each wrong answer costs what the costliest hash of the file does, so that the time tells
 *       neither who is a user nor whose hash is a cheap one. See {@link #spend}.
 *   <li>No more than half of the processors check passwords at a time, and a limited number of
 *       requests waits for that; further ones are told to come again.
 *   <li>Of a password, bcrypt takes 72 bytes; the rest is ignored, as Go does.
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
  static final int MAX_WAITING = 64;
  private static final long MAX_WAIT_SECONDS = 5;

  /** Of what follows the cost in a hash: salt and digest, in the alphabet of bcrypt. */
  private static final String NO_DIGEST = ".".repeat(53);

  private static final BCrypt.Verifyer BCRYPT =
      BCrypt.verifyer(
          BCrypt.Version.VERSION_2B, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2B));

  private final byte[] salt = new byte[32];
  private final Map<SecretKey, Boolean> right = recent();
  private final Map<SecretKey, Boolean> wrong = recent();
  private final Semaphore processors =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  private final Comparison comparison;

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
    boolean isKnown = users.containsKey(name);
    int costliest = costliest(users);
    String hash = isKnown ? users.get(name) : standIn(costliest);
    SecretKey key = key(credentials, hash, isKnown);
    if (right.get(key) != null) {
      return Outcome.KNOWN;
    }
    if (wrong.get(key) != null) {
      return Outcome.WRONG;
    }
    return waitAndCheck(
        Arrays.copyOfRange(credentials, from, credentials.length), hash, costliest, key, isKnown);
  }

  private Outcome waitAndCheck(
      byte[] password, String hash, int costliest, SecretKey key, boolean isKnown) {
    try {
      if (processors.getQueueLength() >= MAX_WAITING
          || !processors.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS)) {
        return Outcome.BUSY;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.BUSY;
    }
    try {
      // Requests of one client come at the same time; one of them is enough.
      boolean isRight =
          right.get(key) != null
              || wrong.get(key) == null && isRight(password, hash, costliest) && isKnown;
      (isRight ? right : wrong).put(key, true);
      return isRight ? Outcome.KNOWN : Outcome.WRONG;
    } finally {
      processors.release();
    }
  }

  private static boolean matches(byte[] password, String hash) {
    return BCRYPT.verify(password, hash.getBytes(StandardCharsets.US_ASCII)).verified;
  }

  private boolean isRight(byte[] password, String hash, int costliest) {
    if (comparison.matches(password, hash)) {
      return true;
    }
    spend(password, cost(hash), costliest);
    return false;
  }

  /**
   * Makes a comparison as costly as another one, by further ones: a cost of n is 2<sup>n</sup>
   * rounds, and 2<sup>5</sup> + (2<sup>5</sup> + 2<sup>6</sup> + 2<sup>7</sup>) are 2<sup>8</sup>.
   */
  private void spend(byte[] password, int spent, int costliest) {
    for (int cost = spent; cost < costliest; cost++) {
      comparison.matches(password, standIn(cost));
    }
  }

  private static int costliest(Map<String, String> users) {
    return users.values().stream().mapToInt(PasswordCheck::cost).max().orElseThrow();
  }

  /** Of {@code $2y$10$…}, 10. */
  private static int cost(String hash) {
    return Integer.parseInt(hash.substring(4, 6));
  }

  /** A hash of no password. */
  private static String standIn(int cost) {
    return String.format(Locale.ROOT, "$2b$%02d$", cost) + NO_DIGEST;
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
