package dev.pushgateway.gateway;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/**
 * Durations as Go writes them: {@code 5m}, {@code 1h30m}, {@code 1.5h}, {@code 250ms}, {@code 0}.
 *
 * @see <a href="https://pkg.go.dev/time#ParseDuration">ParseDuration</a>
 */
final class GoDuration {
  private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

  private final String text;
  private int position;

  private GoDuration(String text) {
    this.text = text;
  }

  /**
   * Reads a duration.
   *
   * @throws SettingsException if it is none, or is longer than 292 years
   */
  static Duration parse(String text) throws SettingsException {
    return new GoDuration(text).parse();
  }

  private Duration parse() throws SettingsException {
    boolean negative = text.startsWith("-");
    if (negative || text.startsWith("+")) {
      position++;
    }
    if (text.substring(position).equals("0")) {
      return Duration.ZERO;
    }
    if (position == text.length()) {
      throw invalid();
    }
    BigDecimal nanos = BigDecimal.ZERO;
    while (position < text.length()) {
      nanos = nanos.add(number().multiply(BigDecimal.valueOf(unitNanos())));
    }
    if (nanos.compareTo(MAX_NANOS) > 0) {
      throw invalid();
    }
    long whole = nanos.setScale(0, RoundingMode.DOWN).longValueExact();
    return Duration.ofNanos(negative ? -whole : whole);
  }

  private BigDecimal number() throws SettingsException {
    int start = position;
    skipDigits();
    int digits = position - start;
    if (position < text.length() && text.charAt(position) == '.') {
      position++;
      int fraction = position;
      skipDigits();
      digits += position - fraction;
    }
    if (digits == 0) {
      throw invalid();
    }
    return new BigDecimal(text.substring(start, position));
  }

  private void skipDigits() {
    while (position < text.length() && isDigit(text.charAt(position))) {
      position++;
    }
  }

  private long unitNanos() throws SettingsException {
    int start = position;
    while (position < text.length() && !isDigit(text.charAt(position)) && notPoint()) {
      position++;
    }
    return switch (text.substring(start, position)) {
      case "ns" -> 1L;
      case "us", "\u00b5s", "\u03bcs" -> 1_000L;
      case "ms" -> 1_000_000L;
      case "s" -> 1_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default -> throw invalid();
    };
  }

  private boolean notPoint() {
    return text.charAt(position) != '.';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private SettingsException invalid() {
    return new SettingsException(
        String.format(Locale.ROOT, "\"%s\" is not a duration such as 5m, 1h30m, 1.5s or 0s", text));
  }

  /** Writes a duration as Go prints it: {@code 5m0s}, {@code 1h30m0s}, {@code 1.5s}, {@code 0s}. */
  static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    String sign = duration.isNegative() ? "-" : "";
    Duration positive = duration.abs();
    if (positive.compareTo(Duration.ofSeconds(1)) < 0) {
      return sign + subSecond(positive.toNanos());
    }
    long hours = positive.toHours();
    long minutes = positive.toMinutesPart();
    String seconds =
        plain(BigDecimal.valueOf(positive.toNanos() % 60_000_000_000L).movePointLeft(9)) + "s";
    if (hours > 0) {
      return sign + hours + "h" + minutes + "m" + seconds;
    }
    return sign + (minutes > 0 ? minutes + "m" + seconds : seconds);
  }

  private static String subSecond(long nanos) {
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return plain(BigDecimal.valueOf(nanos, 3)) + "\u00b5s";
    }
    return plain(BigDecimal.valueOf(nanos, 6)) + "ms";
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
