package dev.pushgateway.exposition;

import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.core.io.NumberOutput;

/**
 * Floating-point numbers in decimal, read and written exactly as Go reads and writes them.
 *
 * <p>Written like Go's {@code strconv.FormatFloat(f, 'g', -1, 64)}: the fewest digits that read
 * back as the same number; with an exponent (of two digits at least) if it is below -4 or above 5.
 * So {@code 123456}, {@code 1.234567e+06}, {@code 0.0001}, {@code 1e-05}, {@code +Inf}, {@code
 * NaN}.
 *
 * <p>The hard parts, digits of a double and the double of digits, are Jackson's (Schubfach and
 * Eisel-Lemire): {@link Double#toString(double)} of Java 17 does not always give the shortest form.
 */
public final class Numbers {
  /** No number is written longer: {@code -2.2250738585072014e-308}. */
  public static final int MAX_LENGTH = 24;

  /** The bits of Go's {@code math.NaN()}, which is what it reads {@code NaN} as. */
  static final long GO_NAN_BITS = 0x7FF8000000000001L;

  private static final int MIN_FIXED_EXPONENT = -4;
  private static final int MAX_FIXED_EXPONENT = 5;

  /** Whole numbers below this are exact in a long and keep all their digits in a double. */
  private static final double SMALL_INTEGER = 1e15;

  /** Powers of ten that a double holds exactly. */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** Decimals of so many digits are different doubles, and so the shortest that tell them. */
  private static final int SAFE_DIGITS = 15;

  /** Below this, and not below its inverse, the usual case of writing looks for few digits. */
  private static final double MEDIUM = 1e6;

  /** Only below this does Java give two digits for a number that one digit would tell. */
  private static final double TINY = 1e-321;

  private Numbers() {}

  /** A number as the text format has it; like {@link #write} but for minus zero: {@code -0}. */
  public static String toString(double value) {
    if (value == 0) {
      return Double.doubleToRawLongBits(value) == 0 ? "0" : "-0";
    }
    byte[] text = new byte[MAX_LENGTH];
    int length = write(value, text, 0);
    return new String(text, 0, length, java.nio.charset.StandardCharsets.US_ASCII);
  }

  /**
   * Writes a number; minus zero as {@code 0}, as the Go gateway does in the text format.
   *
   * @param out has room for {@link #MAX_LENGTH} bytes from {@code at}
   * @return where the number ends
   */
  public static int write(double value, byte[] out, int at) {
    if (value == (long) value && Math.abs(value) < SMALL_INTEGER) {
      return writeInteger((long) value, out, at);
    }
    if (value != value) {
      return writeAscii("NaN", out, at);
    }
    if (Double.isInfinite(value)) {
      return writeAscii(value > 0 ? "+Inf" : "-Inf", out, at);
    }
    double magnitude = Math.abs(value);
    if (magnitude < MEDIUM && magnitude >= 1 / MEDIUM) {
      // Usual case: 15 digits tell it. One division of exact numbers shows whether they do.
      int scale = SAFE_DIGITS - decimalLength((int) magnitude);
      long digits = Math.round(magnitude * POWERS_OF_TEN[scale]);
      if (digits / POWERS_OF_TEN[scale] == magnitude) {
        return writeDecimal(value < 0, digits, scale, out, at);
      }
    }
    return writeShortest(value, out, at);
  }

  /** Writes {@code digits / 10^scale}, which is not whole. */
  private static int writeDecimal(boolean negative, long digits, int scale, byte[] out, int at) {
    long rest = digits;
    int fractionLength = scale;
    while (rest % 10_000 == 0) {
      rest /= 10_000;
      fractionLength -= 4;
    }
    while (rest % 10 == 0) {
      rest /= 10;
      fractionLength--;
    }
    byte[] buffer = new byte[SAFE_DIGITS + 1];
    int from = buffer.length;
    for (; rest > 0; rest /= 10) {
      buffer[--from] = (byte) ('0' + rest % 10);
    }
    int exponent = buffer.length - from - 1 - fractionLength;
    int to = at;
    if (negative) {
      out[to++] = '-';
    }
    if (exponent < MIN_FIXED_EXPONENT) {
      return writeScientific(buffer, from, buffer.length, exponent, out, to);
    }
    return writeFixed(buffer, from, buffer.length, exponent, out, to);
  }

  private static int writeInteger(long value, byte[] out, int at) {
    int to = at;
    long rest = value;
    if (rest < 0) {
      out[to++] = '-';
      rest = -rest;
    }
    if (rest < 1_000_000) {
      int end = to + decimalLength((int) rest);
      int i = (int) rest;
      for (int p = end - 1; p >= to; p--) {
        out[p] = (byte) ('0' + i % 10);
        i /= 10;
      }
      return end;
    }
    int exponent = 0;
    while (rest % 10 == 0) {
      rest /= 10;
      exponent++;
    }
    byte[] digits = new byte[16];
    int from = digits.length;
    while (rest > 0) {
      digits[--from] = (byte) ('0' + rest % 10);
      rest /= 10;
      exponent++;
    }
    return writeScientific(digits, from, digits.length, exponent - 1, out, to);
  }

  private static int decimalLength(int value) {
    int length = 1;
    for (int bound = 10; bound <= value; bound *= 10) {
      length++;
    }
    return length;
  }

  private static int writeShortest(double value, byte[] out, int at) {
    String java = shortestJava(Math.abs(value));
    byte[] digits = new byte[java.length()];
    int count = 0;
    int exponent = -1; // Of the first digit: 0.x has -1, x.y has 0.
    int pointAt = -1;
    int i = 0;
    for (; i < java.length(); i++) {
      char c = java.charAt(i);
      if (c == '.') {
        pointAt = count;
      } else if (c == 'E') {
        break;
      } else {
        digits[count++] = (byte) c;
      }
    }
    exponent += pointAt < 0 ? count : pointAt;
    if (i < java.length()) {
      exponent += Integer.parseInt(java, i + 1, java.length(), 10);
    }
    int from = 0;
    while (from < count - 1 && digits[from] == '0') {
      from++;
      exponent--;
    }
    while (count > from + 1 && digits[count - 1] == '0') {
      count--;
    }
    int to = at;
    if (value < 0) {
      out[to++] = '-';
    }
    if (exponent < MIN_FIXED_EXPONENT || exponent > MAX_FIXED_EXPONENT) {
      return writeScientific(digits, from, count, exponent, out, to);
    }
    return writeFixed(digits, from, count, exponent, out, to);
  }

  private static String shortestJava(double value) {
    String java = NumberOutput.toString(value, true);
    if (value < TINY && java.charAt(2) != '0') {
      // "4.9E-324": of the numbers with two digits the nearest, but 5e-324 tells it, too.
      String oneDigit = Math.round(Float.parseFloat(java.substring(0, 3))) + ".0E-324";
      String scaled = oneDigit.replace("E-324", java.substring(java.indexOf('E')));
      if (Double.parseDouble(scaled) == value) {
        return scaled;
      }
    }
    return java;
  }

  private static int writeScientific(
      byte[] digits, int from, int end, int exponent, byte[] out, int at) {
    int to = at;
    out[to++] = digits[from];
    if (end > from + 1) {
      out[to++] = '.';
      System.arraycopy(digits, from + 1, out, to, end - from - 1);
      to += end - from - 1;
    }
    out[to++] = 'e';
    out[to++] = (byte) (exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    if (magnitude >= 100) {
      out[to++] = (byte) ('0' + magnitude / 100);
    }
    out[to++] = (byte) ('0' + magnitude / 10 % 10);
    out[to++] = (byte) ('0' + magnitude % 10);
    return to;
  }

  private static int writeFixed(
      byte[] digits, int from, int end, int exponent, byte[] out, int at) {
    int to = at;
    if (exponent < 0) {
      out[to++] = '0';
      out[to++] = '.';
      for (int zeros = exponent + 1; zeros < 0; zeros++) {
        out[to++] = '0';
      }
      System.arraycopy(digits, from, out, to, end - from);
      return to + end - from;
    }
    for (int i = 0; i <= exponent; i++) {
      out[to++] = from + i < end ? digits[from + i] : (byte) '0';
    }
    int fraction = end - from - exponent - 1;
    if (fraction > 0) {
      out[to++] = '.';
      System.arraycopy(digits, from + exponent + 1, out, to, fraction);
      to += fraction;
    }
    return to;
  }

  private static int writeAscii(String text, byte[] out, int at) {
    for (int i = 0; i < text.length(); i++) {
      out[at + i] = (byte) text.charAt(i);
    }
    return at + text.length();
  }

  /**
   * Reads a number as Go's {@code strconv.ParseFloat} does, without the hexadecimal form and the
   * underscores that the text format leaves out.
   *
   * @return the number
   * @throws NumberFormatException if the bytes are no number, or one too large for a double
   */
  public static double parse(byte[] text, int from, int to) {
    int length = to - from;
    if (length <= 0) {
      throw new NumberFormatException();
    }
    boolean negative = text[from] == '-';
    int at = negative || text[from] == '+' ? from + 1 : from;
    int digits = at;
    long whole = 0;
    while (digits < to && digits - at < SAFE_DIGITS && isDigit(text[digits])) {
      whole = whole * 10 + (text[digits] - '0');
      digits++;
    }
    if (digits == to && digits > at) {
      // Usual case: a whole number of at most 15 digits, which is exact.
      return negative ? -(double) whole : whole;
    }
    if (digits < to && text[digits] == '.') {
      double decimal = parseShortDecimal(text, at, digits, to, whole);
      if (decimal >= 0) {
        return negative ? -decimal : decimal;
      }
    }
    if (digits == at && text[at < to ? at : from] != '.') {
      return parseWord(text, at, to, negative, at > from);
    }
    checkDecimal(text, at, to);
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = (char) text[from + i];
    }
    double value = NumberInput.parseDouble(chars, true);
    if (Double.isInfinite(value)) {
      throw new NumberFormatException();
    }
    return value;
  }

  /**
   * Reads a decimal of at most 15 digits without an exponent, the usual one: both its digits and
   * the power of ten are exact, so that one division rounds as it must.
   *
   * @param point where the decimal point is
   * @param whole what is before it
   * @return -1 if it is not as simple as that
   */
  private static double parseShortDecimal(byte[] text, int from, int point, int to, long whole) {
    int length = to - from - 1;
    if (length > SAFE_DIGITS || length == 0) {
      return -1;
    }
    long digits = whole;
    for (int i = point + 1; i < to; i++) {
      if (!isDigit(text[i])) {
        return -1;
      }
      digits = digits * 10 + (text[i] - '0');
    }
    return digits / POWERS_OF_TEN[to - point - 1];
  }

  /** Checks for digits, point, digits, exponent, with one digit at least before the exponent. */
  private static void checkDecimal(byte[] text, int from, int to) {
    int at = from;
    while (at < to && isDigit(text[at])) {
      at++;
    }
    int mantissaDigits = at - from;
    if (at < to && text[at] == '.') {
      int fraction = ++at;
      while (at < to && isDigit(text[at])) {
        at++;
      }
      mantissaDigits += at - fraction;
    }
    boolean valid = mantissaDigits > 0;
    if (at < to && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < to && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      int exponent = at;
      while (at < to && isDigit(text[at])) {
        at++;
      }
      valid &= at > exponent;
    }
    if (!valid || at < to) {
      throw new NumberFormatException();
    }
  }

  private static double parseWord(byte[] text, int from, int to, boolean negative, boolean signed) {
    if (equalsIgnoreCase(text, from, to, "inf") || equalsIgnoreCase(text, from, to, "infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (!signed && equalsIgnoreCase(text, from, to, "nan")) {
      return Double.NaN;
    }
    throw new NumberFormatException();
  }

  private static boolean equalsIgnoreCase(byte[] text, int from, int to, String word) {
    if (to - from != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((text[from + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
