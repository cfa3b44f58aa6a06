package dev.pushgateway.listing;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations in Prometheus's format: {@code 90s}, {@code 1h30m}, {@code 2d}. */
final class ListingDuration {
  private static final BigInteger MAX_MILLIS =
      BigInteger.valueOf(Duration.ofDays(365_000).toMillis());

  private static final Pattern PART = Pattern.compile("([0-9]+)(ms|[smhdwy])");

  private ListingDuration() {}

  /** Parses a duration. Empty if the text is malformed, or longer than 1,000 years. */
  static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    BigInteger millis = BigInteger.ZERO;
    Matcher part = PART.matcher(text);
    for (int at = 0; at < text.length(); at = part.end()) {
      if (!part.region(at, text.length()).lookingAt()) { // find() costs the length squared.
        return Optional.empty();
      }
      BigInteger unit = BigInteger.valueOf(unitMillis(part.group(2)));
      millis = millis.add(new BigInteger(part.group(1)).multiply(unit));
    }
    return text.isEmpty() || millis.compareTo(MAX_MILLIS) > 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(millis.longValue()));
  }

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      case "w" -> 7 * 86_400_000L;
      default -> 365 * 86_400_000L;
    };
  }
}
