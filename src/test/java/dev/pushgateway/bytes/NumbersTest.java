package dev.pushgateway.bytes;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.property.Draw;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
  /**
   * What Go's FormatFloat(f, 'g', -1, 64) gives for what its ParseFloat makes of the first column.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "-7.25, -7.25",
    "123456, 123456",
    "999999, 999999",
    "1000000, 1e+06",
    "1234567, 1.234567e+06",
    "-1234500, -1.2345e+06",
    "123456.5, 123456.5",
    "999999.5, 999999.5",
    "1234567.5, 1.2345675e+06",
    "0.1, 0.1",
    "0.5, 0.5",
    "0.0001, 0.0001",
    "0.000123, 0.000123",
    "0.00001, 1e-05",
    "0.0000015, 1.5e-06",
    "0.000001, 1e-06",
    "0.00000099, 9.9e-07",
    "100000.25, 100000.25",
    "3.141592653589793, 3.141592653589793",
    "0.30000000000000004, 0.30000000000000004",
    "1e21, 1e+21",
    "1e22, 1e+22",
    "1e23, 1e+23",
    "2e-3, 0.002",
    "123456789012345, 1.23456789012345e+14",
    "1234567890123456, 1.234567890123456e+15",
    "9007199254740993, 9.007199254740992e+15",
    "18446744073709551615, 1.8446744073709552e+19",
    "1e15, 1e+15",
    "1e100, 1e+100",
    "1e-100, 1e-100",
    "5e-324, 5e-324",
    "4.9e-324, 5e-324",
    "1e-323, 1e-323",
    "1.5e-323, 1.5e-323",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "1.7976931348623157e+308, 1.7976931348623157e+308",
    "2.5e-324, 5e-324",
    "1e-400, 0",
    "+1, 1",
    "007, 7",
    ".5, 0.5",
    "5., 5",
    "-.5, -0.5",
    "1E3, 1000",
    "1e+3, 1000",
    "0000000000000000000001.5, 1.5",
    "0.10000000000000000000000000000000001, 0.1",
    "Inf, +Inf",
    "+inf, +Inf",
    "-INFINITY, -Inf",
    "nan, NaN",
  })
  void readsAndWritesLikeGo(String input, String output) {
    double value = parse(input);
    assertEquals(output, write(value));
    assertEquals(output, NumberWriter.toString(value));
    assertEquals(value, parse(output));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+",
        "-",
        ".",
        "e1",
        "1e",
        "1e+",
        "--1",
        "+-1",
        "1.2.3",
        "1e5.0",
        "1e1e1",
        "0x1",
        "0x1p4",
        "1_000",
        "1,5",
        "1d",
        "1f",
        "1L",
        "+NaN",
        "-nan",
        "Infin",
        "infinit",
        "in",
        "nano",
        "1e309",
        "-1e309",
        "179769313486231580793e289",
        " 1",
        "1 ",
        "½",
        "１",
        "true",
        "1-",
        "-.",
        "+.e1",
        "."
      })
  void refusesWhatIsNoNumber(String input) {
    assertThrows(NumberFormatException.class, () -> parse(input));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0", "-0.0", "-.0", "-0e5", "-1e-400"})
  void readsMinusZeroAndWritesItAsZero(String input) {
    assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(parse(input)));
    assertEquals("0", write(-0.0));
    assertEquals("-0", NumberWriter.toString(-0.0));
  }

  @Test
  void whatIsWrittenReadsBack() {
    forAll(1_000, NumbersTest::anyNumber, NumbersTest::assertReadsBack);
  }

  private static void assertReadsBack(double value) {
    String text = write(value);
    assertEquals(value == 0 ? 0.0 : value, parse(text));
    assertTrue(text.length() <= NumberWriter.MAX_LENGTH, text);
  }

  @Test
  void noFewerDigitsTellTheNumberAndNoneOfTheSameLengthIsNearer() {
    forAll(1_000, NumbersTest::anyNumber, NumbersTest::assertShortestAndNearest);
  }

  private static void assertShortestAndNearest(double value) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return;
    }
    BigDecimal exact = new BigDecimal(Math.abs(value));
    BigDecimal written = new BigDecimal(write(Math.abs(value)));
    int digits = written.stripTrailingZeros().precision();
    for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
      BigDecimal shorter = exact.round(new MathContext(Math.max(digits - 1, 1), mode));
      boolean tells = digits > 1 && shorter.doubleValue() == Math.abs(value);
      assertTrue(!tells, () -> shorter + " would do for " + value);
      BigDecimal other = exact.round(new MathContext(digits, mode));
      boolean nearer =
          other.doubleValue() == Math.abs(value)
              && other.subtract(exact).abs().compareTo(written.subtract(exact).abs()) < 0;
      assertTrue(!nearer, () -> other + " is nearer to " + value + " than " + written);
    }
  }

  @Test
  void readsDecimalsAsBigDecimalDoes() {
    forAll(1_000, NumbersTest::decimal, NumbersTest::assertReadsAsBigDecimal);
  }

  private static void assertReadsAsBigDecimal(String decimal) {
    double expected = new BigDecimal(decimal).doubleValue();
    if (Double.isInfinite(expected)) {
      assertThrows(NumberFormatException.class, () -> parse(decimal));
    } else {
      boolean negative = decimal.startsWith("-");
      assertEquals(negative && expected == 0 ? -0.0 : expected, parse(decimal), decimal);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "-0, false",
    "1, true",
    "-7.25, true",
    "+1, false",
    "007, false",
    "00.5, false",
    "1., false",
    "1.0, false",
    "1.10, false",
    ".5, false",
    "0.0, false",
    "-0.5, true",
    "0.0001, true",
    "0.00001, false",
    "0.00010001, true",
    "999999, true",
    "1000000, false",
    "999999.5, true",
    "1000000.5, false",
    "1e3, false",
    "NaN, false",
    "-, false",
    "'', false",
    "1.5x, false",
    "1x, false",
    "1.2.3, false",
    "1.0000000000000002, true",
    "1.0000000000000001, false",
    "0.30000000000000004, true",
    "0.30000000000000001, false",
    "0.1000000000000000055, false",
    "524288.0000000001, true",
    "524288.0000000003, true",
    "524288.0000000004, false",
    "524288.00000000012, false",
  })
  void knowsWhatIsWrittenAsItIs(String text, boolean isShortest) {
    assertEquals(isShortest, isShortest(text));
  }

  @Test
  void whatIsCalledShortestIsWrittenAsItIs() {
    forAll(1_000, NumbersTest::nearlyShortest, NumbersTest::assertShortestIsWritten);
  }

  private static void assertShortestIsWritten(String text) {
    if (isShortest(text)) {
      assertEquals(text, write(parse(text)));
    }
  }

  @Test
  void whatIsWrittenIsCalledShortest() {
    forAll(1_000, NumbersTest::usual, NumbersTest::assertCalledShortest);
  }

  private static void assertCalledShortest(double value) {
    boolean isPowerOfTwo = Math.scalb(1, Math.getExponent(value)) == Math.abs(value);
    assertTrue(isShortest(write(value)) || isPowerOfTwo, () -> write(value));
  }

  private static boolean isShortest(String text) {
    byte[] bytes = ("1" + text + "2").getBytes(StandardCharsets.UTF_8);
    return NumberWriter.isShortest(bytes, 1, bytes.length - 1);
  }

  private static double usual(Draw draw) {
    return draw.bool()
        ? Math.scalb((double) draw.between(1L << 52, (1L << 53) - 1), -draw.between(34, 55))
        : draw.between(-999_999_999, 999_999_999) / 1000.0;
  }

  /** Numbers as they are written, others right beside them, and any decimals. */
  private static String nearlyShortest(Draw draw) {
    return draw.from(
        () -> besideUsual(draw), () -> write(usual(draw)), () -> halfWay(draw), () -> plain(draw));
  }

  private static String besideUsual(Draw draw) {
    BigDecimal rounded = new BigDecimal(usual(draw)).round(new MathContext(draw.between(15, 18)));
    BigDecimal steps = BigDecimal.valueOf(draw.between(-12, 12));
    return rounded.add(rounded.ulp().multiply(steps)).toPlainString();
  }

  private static String plain(Draw draw) {
    String start = draw.oneOf("", "-", "0.");
    return start + digits(draw, 0, 11) + draw.oneOf("", ".") + digits(draw, 0, 11);
  }

  private static String digits(Draw draw, int min, int max) {
    return draw.of("0123456789", min, max);
  }

  private static double anyNumber(Draw draw) {
    return draw.from(
        () -> Double.longBitsToDouble(draw.between(Long.MIN_VALUE, Long.MAX_VALUE - 1)),
        () -> draw.between(-10_000_000, 10_000_000) / 1000.0,
        () -> draw.between(-1L << 53, 1L << 53) / 1e9,
        () -> (double) draw.anyLong(),
        () -> Math.scalb((double) draw.between(1L << 52, 1L << 53), -draw.between(0, 60)),
        () -> Math.nextUp(Math.scalb(1.0, draw.between(-7, 53))),
        () -> Math.nextDown(Math.pow(10, draw.between(-4, 16))),
        () -> draw.between(-2000, 2000) * Double.MIN_VALUE,
        () -> draw.between(-1.0, 1.0),
        () -> draw.between(0.0000001, 0.001));
  }

  private static String decimal(Draw draw) {
    if (draw.bool()) {
      return halfWay(draw);
    }
    String sign = draw.oneOf("", "-", "+");
    String fraction = draw.chance(0.7) ? "." + digits(draw, 1, 20) : "";
    return sign + digits(draw, 1, 20) + fraction + exponent(draw);
  }

  private static String exponent(Draw draw) {
    return draw.from(
        () -> draw.bool() ? "" : "e" + draw.between(-330, 310), () -> "E" + draw.between(-25, 25));
  }

  /** Decimals of 16 to 18 digits that lie half way between two doubles, or right beside that. */
  private static String halfWay(Draw draw) {
    double value = draw.between(1L << 53, 1L << 60) / 1e14;
    return new BigDecimal(value)
        .add(new BigDecimal(Math.nextUp(value)))
        .divide(BigDecimal.valueOf(2))
        .round(new MathContext(draw.between(16, 18)))
        .toPlainString();
  }

  private static double parse(String text) {
    byte[] bytes = ("1" + text + "2").getBytes(StandardCharsets.UTF_8);
    return NumberReader.parse(bytes, 1, bytes.length - 1);
  }

  private static String write(double value) {
    byte[] out = new byte[NumberWriter.MAX_LENGTH + 1];
    return new String(out, 1, NumberWriter.write(value, out, 1) - 1, StandardCharsets.US_ASCII);
  }
}
