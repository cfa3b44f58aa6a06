package dev.pushgateway.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses and formats durations as Go does: {@code 5m}, {@code 1h30m}, {@code 1.5h}, {@code 250ms},
 * {@code 0}.
 *
 * @see <a href="https://pkg.go.dev/time#ParseDuration">ParseDuration</a>
 */
final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)");
  private static final Pattern WHOLE = Pattern.compile("[-+]?(?:0|(?:" + PART + ")+)");
  private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final long NANOS_PER_MINUTE = 60_000_000_000L;

  private GoDuration() {}

  /** Parses a duration; empty if the text is malformed, or longer than 292 years. */
  static Optional<Duration> parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unitNanos(part.group(2))));
    }
    if (nanos.compareTo(MAX_NANOS) > 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(nanos.longValue() * (text.startsWith("-") ? -1 : 1)));
  }

  private static BigDecimal unitNanos(String unit) {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ns" -> 1L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> NANOS_PER_MINUTE;
          case "h" -> 60 * NANOS_PER_MINUTE;
          default -> 1_000L; // Microseconds have three spellings.
        });
  }

  /**
   * Formats a duration as Go prints it: {@code 5m0s}, {@code 1h30m0s}, {@code 1.5s}, {@code 0s}.
   */
  static String format(Duration duration) {
    long nanos = duration.abs().toNanos();
    String text =
        nanos < 1_000_000_000L ? subSecond(nanos) : plain(nanos % NANOS_PER_MINUTE, 9) + "s";
    long minutes = nanos / NANOS_PER_MINUTE;
    text = minutes > 0 ? minutes % 60 + "m" + text : text;
    text = minutes >= 60 ? minutes / 60 + "h" + text : text;
    return duration.isNegative() ? "-" + text : text;
  }

  private static String subSecond(long nanos) {
    if (nanos < 1_000) {
      return nanos == 0 ? "0s" : nanos + "ns";
    }
    return nanos < 1_000_000 ? plain(nanos, 3) + "\u00b5s" : plain(nanos, 6) + "ms";
  }

  private static String plain(long nanos, int decimals) {
    BigDecimal number = BigDecimal.valueOf(nanos, decimals);
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
