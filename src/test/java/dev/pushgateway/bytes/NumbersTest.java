package dev.pushgateway.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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

  @Property
  void whatIsWrittenReadsBack(@ForAll("doubles") double value) {
    String text = write(value);
    assertEquals(value == 0 ? 0.0 : value, parse(text));
    assertTrue(text.length() <= NumberWriter.MAX_LENGTH, text);
  }

  @Property
  void noFewerDigitsTellTheNumberAndNoneOfTheSameLengthIsNearer(@ForAll("doubles") double value) {
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

  @Property
  void readsDecimalsAsBigDecimalDoes(@ForAll("decimals") String decimal) {
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

  @Property
  void whatIsCalledShortestIsWrittenAsItIs(@ForAll("nearlyShortest") String text) {
    if (isShortest(text)) {
      assertEquals(text, write(parse(text)));
    }
  }

  @Property
  void whatIsWrittenIsCalledShortest(@ForAll("usual") double value) {
    boolean isPowerOfTwo = Math.scalb(1, Math.getExponent(value)) == Math.abs(value);
    assertTrue(isShortest(write(value)) || isPowerOfTwo, () -> write(value));
  }

  private static boolean isShortest(String text) {
    byte[] bytes = ("1" + text + "2").getBytes(StandardCharsets.UTF_8);
    return NumberWriter.isShortest(bytes, 1, bytes.length - 1);
  }

  @Provide
  Arbitrary<Double> usual() {
    return Arbitraries.oneOf(
        Combinators.combine(
                Arbitraries.longs().between(1L << 52, (1L << 53) - 1),
                Arbitraries.integers().between(34, 55))
            .as((mantissa, shift) -> Math.scalb((double) mantissa, -shift)),
        Arbitraries.longs().between(-999_999_999, 999_999_999).map(i -> i / 1000.0));
  }

  /** Numbers as they are written, others right beside them, and any decimals. */
  @Provide
  Arbitrary<String> nearlyShortest() {
    Arbitrary<String> beside =
        Combinators.combine(
                usual(),
                Arbitraries.integers().between(15, 18),
                Arbitraries.integers().between(-12, 12))
            .as(
                (value, digits, steps) -> {
                  BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
                  return rounded
                      .add(rounded.ulp().multiply(BigDecimal.valueOf(steps)))
                      .toPlainString();
                });
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMaxLength(11);
    Arbitrary<String> any =
        Combinators.combine(Arbitraries.of("", "-", "0."), digits, Arbitraries.of("", "."), digits)
            .as((start, whole, point, fraction) -> start + whole + point + fraction);
    return Arbitraries.oneOf(beside, usual().map(NumbersTest::write), halfWay(), any);
  }

  @Provide
  Arbitrary<Double> doubles() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(Double::longBitsToDouble),
        Arbitraries.longs().between(-10_000_000, 10_000_000).map(i -> i / 1000.0),
        Arbitraries.longs().between(-1L << 53, 1L << 53).map(i -> i / 1e9),
        Arbitraries.longs().map(i -> (double) i),
        Combinators.combine(
                Arbitraries.longs().between(1L << 52, 1L << 53),
                Arbitraries.integers().between(0, 60))
            .as((mantissa, shift) -> Math.scalb((double) mantissa, -shift)),
        Arbitraries.integers().between(-7, 53).map(i -> Math.nextUp(Math.scalb(1.0, i))),
        Arbitraries.integers().between(-4, 16).map(i -> Math.nextDown(Math.pow(10, i))),
        Arbitraries.longs().between(-2000, 2000).map(i -> i * Double.MIN_VALUE),
        Arbitraries.doubles().between(-1, 1).ofScale(17),
        Arbitraries.doubles().between(0.0000001, 0.001).ofScale(20));
  }

  @Provide
  Arbitrary<String> decimals() {
    Arbitrary<String> digits = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(20);
    Arbitrary<String> fraction =
        digits.map(d -> "." + d).injectNull(0.3).map(f -> f == null ? "" : f);
    Arbitrary<String> exponent =
        Arbitraries.integers()
            .between(-330, 310)
            .map(e -> "e" + e)
            .injectNull(0.5)
            .map(e -> e == null ? "" : e);
    Arbitrary<String> shortExponent = Arbitraries.integers().between(-25, 25).map(e -> "E" + e);
    Arbitrary<String> sign = Arbitraries.of("", "-", "+");
    Arbitrary<String> anyExponent = Arbitraries.oneOf(exponent, shortExponent);
    return Arbitraries.oneOf(
        Combinators.combine(sign, digits, fraction, anyExponent).as((s, d, f, e) -> s + d + f + e),
        halfWay());
  }

  /** Decimals of 16 to 18 digits that lie half way between two doubles, or right beside that. */
  private Arbitrary<String> halfWay() {
    Arbitrary<Double> values = Arbitraries.longs().between(1L << 53, 1L << 60).map(i -> i / 1e14);
    return Combinators.combine(values, Arbitraries.integers().between(16, 18))
        .as(
            (value, digits) ->
                new BigDecimal(value)
                    .add(new BigDecimal(Math.nextUp(value)))
                    .divide(BigDecimal.valueOf(2))
                    .round(new MathContext(digits))
                    .toPlainString());
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
