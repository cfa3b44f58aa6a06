package dev.pushgateway.selector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.model.Labels;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorParserTest {
  /** {@code up{job="backup",path="C:\x",note="a line feed b"}}. */
  private static final Labels SERIES =
      Labels.of("__name__", "up", "job", "backup", "path", "C:\\x", "note", "a\nb", "utf-8", "ü");

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "up",
        "up{}",
        " up { } ",
        "up{job=\"backup\"}",
        "{job=\"backup\"}",
        "{job='backup',}",
        "{ job = `backup` , path = `C:\\x` }",
        "{job=~\"back.*\"}",
        "{job=~\"back|backup\"}",
        "{job!=\"other\",__name__=\"up\"}",
        "{job!~\"back\",job!=\"\"}",
        "{job=\"backup\",absent=\"\"}",
        "{job=\"backup\",absent!~\".+\"}",
        "{\"up\"}",
        "{\"up\",job=\"backup\"}",
        "{\"utf-8\"=\"ü\"}",
        "{\"utf-8\"=\"\\u00fc\"}",
        "{path=\"C:\\\\x\"}",
        "{path=\"C:\\x5cx\"}",
        "{path='C:\\134x'}",
        "{note=\"a\\nb\"}",
        "{note=~\"a.b\"}",
        "{__name__=~\"u.\"}",
        "{job=~\"\\\\w{6}\"}",
      })
  void selects(String selector) throws Exception {
    assertTrue(SelectorParser.parse(selector).matches(SERIES, Steps.UNLIMITED));
    assertEquals(
        Optional.of(true),
        SelectorParser.parse(selector)
            .given(SERIES, Steps.UNLIMITED)
            .map(left -> left.matches(Labels.EMPTY, Steps.UNLIMITED)),
        "asked in two steps");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "down",
        "up{job=\"backu\"}",
        "{job=~\"back\"}",
        "{job=~\"ackup\"}",
        "{job=~\"BACKUP\"}",
        "{job!~\"back.*\",job!=\"\"}",
        "{job=\"backup\",absent!=\"\"}",
        "{job!=\"backup\",path!=\"\"}",
        "{__name__!~\"u.\",job!=\"\"}",
      })
  void doesNotSelect(String selector) throws Exception {
    assertFalse(SelectorParser.parse(selector).matches(SERIES, Steps.UNLIMITED));
    assertFalse(
        SelectorParser.parse(selector)
            .given(SERIES, Steps.UNLIMITED)
            .map(left -> left.matches(Labels.EMPTY, Steps.UNLIMITED))
            .orElse(false),
        "asked in two steps");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
      ^^              | position 1: expected a metric name or '{', found the end
      9a              | position 1: expected a metric name or '{', found '9'
      a b             | position 3: expected the end, found 'b'
      {               | position 2: expected a label name or '}', found the end
      {}              | position 1: expected one matcher at least that an empty value does not satisfy
      {a=~".*"}       | position 1: expected one matcher at least that an empty value does not satisfy
      {a              | position 3: expected '=', '!=', '=~' or '!~', found the end
      {a>"b"}         | position 3: expected '=', '!=', '=~' or '!~', found '>'
      {a=b}           | position 4: expected a value in quotes, found 'b'
      {a="b}          | position 4: the string that starts here is not closed
      {a="b"          | position 7: expected ',' or '}', found the end
      {a="b" c="d"}   | position 8: expected ',' or '}', found 'c'
      {a="b",,}       | position 8: expected a label name or '}', found ','
      {a="b"}😀       | position 8: expected the end, found '😀'
      {a="\\q"}       | position 5: there is no such escape
      {a="\\x4"}      | position 8: expected 2 digits in this escape
      {a="\\U00110000"} | position 7: there is no such character
      {a=~"("}        | position 5: bad regular expression: missing closing )
      {a=~"(?=b)"}    | position 5: bad regular expression: invalid or unsupported Perl syntax
      {a=~"((x{99}){99}){99}"} | position 5: the regular expression has more than 1000 groups, choices and assertions when all repetitions are written out
      {a=~"(?:x{900}){90}"} | position 5: the regular expressions need more than 2 MiB of memory when all repetitions are written out
      {a=~"x{900}",b=~"(?:x{900}){11}"} | position 17: the regular expressions need more than 2 MiB of memory when all repetitions are written out
      {a=~"x{1001}"}  | position 5: bad regular expression: invalid repeat count
      a{__name__="b"} | position 15: the metric name is given twice
      {"a","b"}       | position 9: the metric name is given twice
      a{b:c="d"}      | position 4: expected '=', '!=', '=~' or '!~', found ':'
      """)
  void refuses(String selector, String why) {
    SelectorException refusal =
        assertThrows(
            SelectorException.class, () -> SelectorParser.parse(selector.replace("\\\\", "\\")));
    assertEquals(why, refusal.getMessage());
  }

  @Test
  void aRequestHasOneBudgetForAllItsExpressions() throws Exception {
    RegexBudget budget = new RegexBudget();
    String selector = "{a=~\"x{900}\"}";
    for (int i = 0; i < 11; i++) {
      SelectorParser.parse(selector, budget);
    }
    assertThrows(SelectorException.class, () -> SelectorParser.parse(selector, budget));
    SelectorParser.parse(selector);
  }

  @Test
  void takesLinearTimeForAnyExpression() throws Exception {
    SeriesSelector selector = SelectorParser.parse("{a=~\"(x+x+)+y\"}");
    Labels labels = Labels.of("a", "x".repeat(100_000));
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertFalse(selector.matches(labels, Steps.UNLIMITED)));
  }
}
