package dev.pushgateway.gateway;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of bytes as people write them: {@code 65536}, {@code 64KiB}, {@code 1.5MB}. All units are
 * powers of 1024, as in the flags of Prometheus.
 */
final class ByteSize {
  private static final String UNITS = "KMGTP";

  /** Digits are few, so that no number can grow beyond reason before it is found too large. */
  private static final Pattern SIZE =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)(?:([KMGTP])(?:iB|B)?|B)?");

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private ByteSize() {}

  /** Reads a size; empty if it is none. */
  static OptionalLong parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    int power = matcher.group(2) == null ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
    BigDecimal bytes =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(1L << 10 * power));
    return bytes.compareTo(MAX) > 0 ? OptionalLong.empty() : OptionalLong.of(bytes.longValue());
  }

  /** Writes a size with the largest unit that leaves it whole: {@code 64KiB}, {@code 1000}. */
  static String format(long bytes) {
    int power = 0;
    long rest = bytes;
    while (rest != 0 && rest % 1024 == 0 && power < UNITS.length()) {
      rest /= 1024;
      power++;
    }
    return power == 0 ? String.valueOf(rest) : rest + UNITS.substring(power - 1, power) + "iB";
  }
}
