package dev.pushgateway.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesLimitsTest {
  private static final SeriesLimits LIMITS = new SeriesLimits(4, 4, 8, 6, 10, 3);

  private static List<FamilyBlock> parse(String text) throws ExpositionException {
    byte[] body = text.replace(';', '\n').getBytes(UTF_8);
    GroupingLabels job = GroupingLabels.of(Labels.of("job", "j"));
    return new TextParser(true).parse(body, 0, body.length, job).families();
  }

  /** Instance and job are two of the labels. A semicolon stands for a line feed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a 1;b 1;c 1;d 1;
          a{b="1",c="2"} 1;
          abcdefgh{ijklmnop="1"} 1;
          a{b="123456"} 1;
          a{b="äöü"} 1;
          # HELP a 1234567890;a 1;
          # TYPE h summary;h{quantile="1"} 1;h_sum 1;h_count 1;
          """)
  void takesWhatIsWithin(String text) {
    assertDoesNotThrow(() -> LIMITS.check(parse(text)));
    assertDoesNotThrow(() -> SeriesLimits.NONE.check(parse(text)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a 1;b 1;c 1;d 1;e 1;   | the push has 5 series; the limit is 4 (--push.max-series)
          a{b="1",c="2",d="3"} 1;| a series of metric family "a" has 5 labels; the limit is 4 \
          (--push.max-labels)
          a{b="1"} 1;a{b="1",c="2",d="3"} 1;| a series of metric family "a" has 5 labels; the limit \
          is 4 (--push.max-labels)
          abcdefghi 1;           | the name of metric family "abcdefghi" has 9 bytes; the limit is 8 \
          (--push.max-name-bytes)
          {"äöüäö"} 1;           | the name of metric family "äöüäö" has 10 bytes; the limit is 8 \
          (--push.max-name-bytes)
          a{bcdefghij="1"} 1;    | the name of label "bcdefghij" of metric family "a" has 9 bytes; \
          the limit is 8 (--push.max-name-bytes)
          a{b="1234567"} 1;      | the value of label "b" of metric family "a" has 7 bytes; the limit \
          is 6 (--push.max-value-bytes)
          a{b="1"} 1;a{b="1234567"} 1; | the value of label "b" of metric family "a" has 7 bytes; the \
          limit is 6 (--push.max-value-bytes)
          a{b="äöüä"} 1;         | the value of label "b" of metric family "a" has 8 bytes; the limit \
          is 6 (--push.max-value-bytes)
          # HELP a 12345678901;a 1; | the help text of metric family "a" has 11 bytes; the limit is \
          10 (--push.max-help-bytes)
          # TYPE h histogram;h_bucket{le="1"} 1;h_bucket{le="2"} 1;h_sum 1;h_count 1;| a histogram of \
          metric family "h" has 5 lines; the limit is 3 (--push.max-buckets)
          a 1;b 1;# TYPE h summary;h{quantile="1"} 1;h_sum 1;h_count 1;| the push has 5 series; the \
          limit is 4 (--push.max-series)
          # TYPE h histogram;h_bucket{le="1"} 1;h_sum 1;h_count 1; | a histogram of metric family \
          "h" has 4 lines; the limit is 3 (--push.max-buckets)
          # TYPE h summary;h_sum{b="1234567"} 1;h_count 1; | the value of label "b" of metric \
          family "h" has 7 bytes; the limit is 6 (--push.max-value-bytes)
          """)
  void refusesWhatIsBeyond(String text, String message) throws ExpositionException {
    List<FamilyBlock> families = parse(text);
    assertEquals(
        message, assertThrows(TooLargeException.class, () -> LIMITS.check(families)).getMessage());
    assertDoesNotThrow(() -> SeriesLimits.NONE.check(families));
  }
}
