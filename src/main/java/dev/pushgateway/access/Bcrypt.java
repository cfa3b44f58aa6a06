package dev.pushgateway.access;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses bcrypt hashes: {@code $2y$10$} and 53 characters of salt and digest. */
final class Bcrypt {
  /** Number of characters of a hash. */
  static final int LENGTH = 60;

  private static final int MAX_COST = 31;
  private static final Pattern HASH =
      Pattern.compile("\\$2[abxy]\\$(0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53}");

  private Bcrypt() {}

  /** Returns the hash at the start of a text. Characters after the hash are ignored, as in Go. */
  static Optional<String> at(String text) {
    Matcher matcher = HASH.matcher(text);
    return matcher.lookingAt() ? Optional.of(matcher.group()) : Optional.empty();
  }

  /** Returns the cost of a hash: 10 for {@code $2y$10$…}. */
  static int cost(String hash) {
    return Integer.parseInt(hash.substring(4, 6));
  }

  /**
   * Returns the most common cost of these hashes. If several are equally common, returns the
   * lowest.
   */
  static int usualCost(Collection<String> hashes) {
    int[] counts = new int[MAX_COST + 1];
    hashes.forEach(hash -> counts[cost(hash)]++);
    int usual = 0;
    for (int cost = 0; cost <= MAX_COST; cost++) {
      if (counts[cost] > counts[usual]) {
        usual = cost;
      }
    }
    return usual;
  }
}
