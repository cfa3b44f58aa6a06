package dev.pushgateway.gateway;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses and formats sizes in bytes: {@code 65536}, {@code 64KiB}, {@code 1.5MB}. A unit with an
 * {@code i} is a power of 1024; any other unit is a power of 1000.
 */
final class ByteSize {
  private static final String UNITS = "KMGTP";
  private static final long BINARY = 1024;
  private static final long DECIMAL = 1000;

  /** Limits the digits, so that no number becomes huge before it is refused. */
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)(?:([kKMGTP])(i?)B?|B)?");

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private ByteSize() {}

  /** Parses a size; empty if the text is malformed, or exceeds {@link Long#MAX_VALUE} bytes. */
  static OptionalLong parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    String unit = matcher.group(2);
    int power = unit == null ? 0 : UNITS.indexOf(unit.toUpperCase(Locale.ROOT)) + 1;
    long base = "i".equals(matcher.group(3)) ? BINARY : DECIMAL;
    BigDecimal bytes =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(base).pow(power));
    return bytes.compareTo(MAX) > 0 ? OptionalLong.empty() : OptionalLong.of(bytes.longValue());
  }

  /** Formats a size with a whole number, as short as possible: {@code 64KiB}, {@code 1MB}. */
  static String format(long bytes) {
    String binary = format(bytes, BINARY, "iB");
    String decimal = format(bytes, DECIMAL, "B");
    return decimal.length() < binary.length() ? decimal : binary;
  }

  private static String format(long bytes, long base, String suffix) {
    int power = 0;
    long rest = bytes;
    while (rest != 0 && rest % base == 0 && power < UNITS.length()) {
      rest /= base;
      power++;
    }
    return power == 0 ? String.valueOf(rest) : rest + UNITS.substring(power - 1, power) + suffix;
  }
}
