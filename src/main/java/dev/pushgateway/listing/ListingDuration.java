package dev.pushgateway.listing;

import java.time.Duration;
import java.util.Optional;

/** Durations as Prometheus writes them: {@code 90s}, {@code 1h30m}, {@code 2d}. */
final class ListingDuration {
  private static final long MAX_MILLIS = Duration.ofDays(365_000).toMillis();

  private ListingDuration() {}

  /** Parses a duration; empty if it is none, or one of more than a thousand years. */
  static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    long millis = 0;
    int at = 0;
    while (at < text.length()) {
      int digits = at;
      long number = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        number = Math.min(MAX_MILLIS, number * 10 + text.charAt(at) - '0');
        at++;
      }
      int unit = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      long unitMillis = unitMillis(text.substring(unit, at));
      if (unit == digits || unitMillis == 0 || number > MAX_MILLIS / unitMillis) {
        return Optional.empty();
      }
      millis += number * unitMillis;
    }
    return text.isEmpty() || millis > MAX_MILLIS
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(millis));
  }

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      case "d" -> 86_400_000;
      case "w" -> 7 * 86_400_000L;
      case "y" -> 365 * 86_400_000L;
      default -> 0;
    };
  }
}
