package dev.pushgateway.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies as tables: ␊ is a line feed, ␍ a carriage return, ␉ a tab, ␠ a blank at an edge, ␀ NUL, ◆
 * a byte order mark.
 */
class TextParserTest {
  private static final TextParser LEGACY = new TextParser(false);
  private static final TextParser UTF8 = new TextParser(true);

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          nothing                    | ␊                                  | ``
          one blank line             | ␠␉␊                                | ``
          sample                     | a 1␊                               | untyped a 1␊
          no last line feed          | a 1                                | untyped a 1␊
          no value needs a blank     | a{}4␊                              | untyped a 4␊
          sign ends the name         | a-4␊                               | untyped a -4␊
          point ends the name        | a.5␊                               | untyped a 0.5␊
          blanks before the name     | ␠␉a 1␊                             | untyped a 1␊
          blanks before the value    | a ␉ 1␊                             | untyped a 1␊
          all of the name alphabet   | _aZ:09 1␊:b 2␊                     | untyped _aZ:09 1␊untyped :b 2␊
          labels                     | a{b="1",c="2"} 1␊                  | untyped a{b="1",c="2"} 1␊
          comma at the end           | a{b="1",} 1␊                       | untyped a{b="1"} 1␊
          no labels                  | a{} 1␊                             | untyped a 1␊
          blanks between all         | a ␉{ b ␉= "1" ␉, c␉=␉"2" , }␉ 1␊   | untyped a{b="1",c="2"} 1␊
          labels not sorted          | a{c="2",b="1"} 1␊                  | untyped a{b="1",c="2"} 1␊
          empty value                | a{b=""} 1␊                         | untyped a{b=""} 1␊
          escapes                    | a{b="\\\\\\n\\"x\\\\"} 1␊          | untyped a{b="\\\\\\n\\"x\\\\"} 1␊
          brace and comma in a value | a{b="},{="} 1␊                     | untyped a{b="},{="} 1␊
          carriage return in a value | a{b="x␍y"} 1␊                      | untyped a{b="x␍y"} 1␊
          NUL in a value             | a{b="x␀y"} 1␊                      | untyped a{b="x␀y"} 1␊
          unicode                    | a{b="ü日😀"} 1␊                     | untyped a{b="ü日😀"} 1␊
          le of an untyped one       | a_bucket{le="x"} 1␊                | untyped a_bucket{le="x"} 1␊
          quoted name                | "a" 1␊                             | untyped a 1␊
          quoted name and labels     | "a"{b="1"} 1␊                      | untyped a{b="1"} 1␊
          half a name in quotes      | a"b"{c"d"="1"} 1␊                  | untyped ab{cd="1"} 1␊
          name in braces             | {"a"} 1␊                           | untyped a 1␊
          plain name in braces       | {a} 1␊                             | untyped a 1␊
          name in braces, labels     | {"a",b="1"} 1␊                     | untyped a{b="1"} 1␊
          name in braces comes last  | {b="1","a"} 1␊                     | untyped a{b="1"} 1␊
          name amidst the labels     | {b="1","a",c="2",} 1␊              | untyped a{b="1",c="2"} 1␊
          quoted label name          | a{"b"="1"} 1␊                      | untyped a{b="1"} 1␊
          carriage returns           | # TYPE a gauge␍␊␍␊a{b="1"} 1␍␊     | gauge a{b="1"} 1␊
          carriage return, then end  | # HELP a b␍␊a 1␍␊                  | untyped a 1␊
          sorted                     | a{b="2"} 1␊a{b="1"} 2␊a 3␊         | untyped a 3␊a{b="1"} 2␊a{b="2"} 1␊
          names one inside another   | a 1␊ab 2␊a 3␊a:b 4␊                | untyped a 1␊a 3␊untyped ab 2␊untyped a:b 4␊
          interleaved                | a{x="1"} 1␊b 2␊a{x="2"} 3␊         | untyped a{x="1"} 1␊a{x="2"} 3␊untyped b 2␊
          type                       | # TYPE a counter␊a 1␊              | counter a 1␊
          type in any case           | #TYPE a GauGE␊a 1␊                 | gauge a 1␊
          type with backslash        | # TYPE a ga\\uge␊a 1␊              | gauge a 1␊
          type of a quoted name      | # TYPE "a" gauge␊a 1␊              | gauge a 1␊
          blanks in a comment        | #␉ TYPE ␉ a ␉ gauge␊a 1␊           | gauge a 1␊
          type line without type     | # TYPE a␊a 1␊                      | untyped a 1␊
          type line, blank, no type  | # TYPE a ␊a 1␊# HELP a x␊          | untyped a 1␊
          word that is no TYPE       | # TYPES a 1␊#␊# HELP␊# HELPme 1␊a 1| untyped a 1␊
          other type of comment      | # type a gauge␊# b "␊a 1           | untyped a 1␊
          family without samples     | # TYPE a gauge␊# HELP a b␊c 1␊     | untyped c 1␊
          help after samples         | a 1␊# HELP a late␊                 | untyped a 1␊
          blank at the end           | a 1 ␊                              | untyped a 1␊
          tab at the end             | a 1␉                               | untyped a 1␊
          blanks, then return        | a{b="1"} 1 ␉ ␍␊a 2␉␍␊              | untyped a 2␊a{b="1"} 1␊
          blanks after a timestamp   | a 1 2 ␉␊                           | untyped a 1␊
          blanks after the type      | # TYPE a gauge ␉␍␊a 1␊# TYPE b gauge␠ | gauge a 1␊
          same type twice            | # TYPE a gauge␊# TYPE a GAUGE ␊a 1␊# TYPE a gauge␊ | gauge a 1␊
          same help twice            | # HELP a b␊a 1␊# HELP a b␊         | untyped a 1␊
          type after samples         | a 1␊# TYPE a gauge␊a{b="1"} 2␊     | gauge a 1␊a{b="1"} 2␊
          type after all             | b 1␊a -0␊# TYPE a counter␊         | untyped b 1␊counter a 0␊
          type of nothing new        | a 1␊# TYPE a untyped␊              | untyped a 1␊
          two types after samples    | a 1␊b 2␊# TYPE a gauge␊# TYPE b counter␊c 3␊ | gauge a 1␊counter b 2␊untyped c 3␊
          type of quoted name late   | {"a"} 1␊#TYPE "a" gauge␊           | gauge a 1␊
          byte order mark            | ◆a 1␊                              | untyped a 1␊
          mark in each line          | ◆# TYPE a gauge␍␊◆␠a 1␍␊◆{"b"} 2␊◆␊◆ | gauge a 1␊untyped b 2␊
          two marks                  | ◆◆ a 1␊                            | untyped a 1␊
          mark before a late type    | a 1␊◆# TYPE a gauge␊               | gauge a 1␊
          mark in a value            | a{b="◆"} 1␊                        | untyped a{b="◆"} 1␊
          """)
  void accepts(String why, String input, String expected) throws ExpositionException {
    assertEquals(visible(expected), parseAndShow(LEGACY, input), why);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          legacy names               | a{b="1"} 1␊                        | untyped a{b="1"} 1␊
          dots                       | {"a.b"} 1␊                         | untyped {"a.b"} 1␊
          quoted before the braces   | "a.b"{c="1"} 1␊                    | untyped {"a.b",c="1"} 1␊
          escapes in a name          | {"a\\\\\\"\\nb"} 1␊                | untyped {"a\\\\\\"\\nb"} 1␊
          escapes in a label name    | a{"\\\\\\"\\n"="1"} 1␊             | untyped a{"\\\\\\"\\n"="1"} 1␊
          brace in a name            | {"a}","b,"="1"} 1␊                 | untyped {"a}","b,"="1"} 1␊
          unicode                    | {"日😀","ü"="1"} 1␊                 | untyped {"日😀","ü"="1"} 1␊
          labels sorted by bytes     | a{"~"="1",b="2","B."="3"} 1␊       | untyped a{"B."="3",b="2","~"="1"} 1␊
          type of a quoted name      | # TYPE "a.b" gauge␊{"a.b"} 1␊      | gauge {"a.b"} 1␊
          same name twice            | {"a.b"} 1␊{"a.b",c="1"} 2␊        | untyped {"a.b"} 1␊{"a.b",c="1"} 2␊
          """)
  void acceptsUtf8Names(String why, String input, String expected) throws ExpositionException {
    assertEquals(visible(expected), parseAndShow(UTF8, input), why);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          digit first          | 1a 1␊              | line 1, column 1: expected a metric name, found '1'
          no ASCII             | äa 1␊              | line 1, column 1: expected a metric name, found 'ä'
          NUL                  | ␀                  | line 1, column 1: expected a metric name, found '\\u0000'
          lone carriage return | ␍a 1␊              | line 1, column 1: expected a metric name, found '\\r'
          second line          | a 1␊␊ } 1␊         | line 3, column 2: expected a metric name, found '}'
          empty quoted name    | "" 1␊              | line 1, column 1: expected a metric name, found '"'
          open quoted name     | "a 1␊" 1           | line 1, column 1: name in quotes is not closed
          escape in a name     | "a\\t" 1␊          | line 1, column 3: invalid escape sequence: expected '\\', '"' or 'n' after '\\', found 't'
          quoted dots          | "a.b" 1␊           | line 1, column 1: invalid metric name "a.b"
          only a name          | a␊                 | line 1, column 2: expected a number as value, found the end of the line
          only a name, the end | a                  | line 1, column 2: expected a number as value, found the end
          only labels          | a{b="1"}␍␊         | line 1, column 9: expected a number as value, found the end of the line
          dots                 | a.b 1␊             | line 1, column 2: '.' is not allowed in a metric name
          dash                 | a-b 1␊             | line 1, column 2: '-' is not allowed in a metric name
          dash, then labels    | a 1␊a-b{c="d"} 1␊  | line 2, column 2: '-' is not allowed in a metric name
          per cent             | cpu% 1␊            | line 1, column 4: '%' is not allowed in a metric name
          hidden in a name     | a​ 1␊         | line 1, column 2: '\\u200B' is not allowed in a metric name
          no-break space       | a 1␊          | line 1, column 2: '\\u00A0' is not allowed in a metric name
          dash in a comment    | # TYPE a-b gauge␊  | line 1, column 9: '-' is not allowed in a metric name
          two words            | my metric 1␊       | line 1, column 4: expected a number as value, found "metric"; a blank is not allowed in a metric name
          two words, labels    | my metric{a="b c"} 1␊ | line 1, column 4: expected a number as value, found "metric{a=\"b"; a blank is not allowed in a metric name
          two words, a tab     | my␉metric {} 1␊    | line 1, column 4: expected a number as value, found "metric"; a blank is not allowed in a metric name
          a word as value      | a b ␊              | line 1, column 3: expected a number as value, found "b"
          words after labels   | a{} b 1␊           | line 1, column 5: expected a number as value, found "b"
          literal line feed    | a 1\\nb 2␊       | line 1, column 3: expected a number as value, found "1\\\\nb"
          no-break space last  | a 1 ␊         | line 1, column 3: expected a number as value, found "1\\u00A0"
          mark after a blank   | ␠◆a 1␊             | line 1, column 2: expected a metric name, found '\\uFEFF'
          half a mark          | ￿a 1␊              | line 1, column 1: expected a metric name, found '\\uFFFF'
          no number            | a ␉b 1␊            | line 1, column 4: expected a number as value, found "b"; a blank is not allowed in a metric name
          hexadecimal          | a 0x1␊             | line 1, column 3: expected a number as value, found "0x1"
          too large            | a 1e309␊           | line 1, column 3: expected a number as value, found "1e309"
          returns as line ends | a 1␍b 2␍           | line 1, column 3: expected a number as value, found "1\\rb"
          return at the end    | a 1␍               | line 1, column 3: expected a number as value, found "1\\r"
          two returns          | a 1␍␍␊             | line 1, column 3: expected a number as value, found "1\\r"
          timestamp            | a 1 1.5␊           | line 1, column 5: expected a line feed or an integer as timestamp, found "1.5"
          timestamp too large  | a 1 9223372036854775808␊ | line 1, column 5: expected a line feed or an integer as timestamp, found "9223372036854775808"
          more than needed     | a 1 2 3␊           | line 1, column 7: expected a line feed after the timestamp, found '3'
          return amidst blanks | a 1 ␍ ␊            | line 1, column 5: expected a line feed or an integer as timestamp, found "\\r"
          no name at all       | {} 1␊              | line 1, column 1: there is no metric name, neither before the braces nor in them
          labels without name  | a 1␊{b="1"} 1␊     | line 2, column 1: there is no metric name, neither before the braces nor in them
          two names            | {"a",b="1","c"} 1␊ | line 1, column 12: a second metric name "c"
          two names, one ahead | a{"b"} 1␊          | line 1, column 6: expected '=' after label name "b", found '}'
          no comma             | {"a" b="1"} 1␊     | line 1, column 6: expected ',' or '}' after metric name "a", found 'b'
          name only            | {"a"␊              | line 1, column 5: expected ',' or '}' after metric name "a", found the end of the line
          open brace           | a{␊                | line 1, column 3: expected a label name, found the end of the line
          open brace, the end  | a{                 | line 1, column 3: expected a label name, found the end
          comma first          | a{,} 1␊            | line 1, column 3: expected a label name, found ','
          two commas           | a{b="1",,} 1␊      | line 1, column 9: expected a label name, found ','
          second brace         | a{b="1"}} 1␊       | line 1, column 9: expected a number as value, found "}"
          colon in a name      | a{b:c="1"} 1␊      | line 1, column 4: expected '=' after label name "b", found ':'
          empty label name     | a{""="1"} 1␊       | line 1, column 3: expected a label name, found '"'
          no equals sign       | a{path} 1␊         | line 1, column 7: expected '=' after label name "path", found '}'
          no quote             | a{b=1} 1␊          | line 1, column 5: expected '"' before the value of label "b", found '1'
          other quotes         | a{b='1'} 1␊        | line 1, column 5: expected '"' before the value of label "b", found '''
          open value           | a{b="c} 1␊         | line 1, column 5: label value is not closed
          open value, the end  | a{b="c\\"          | line 1, column 5: label value is not closed
          escape               | a{b="x\\ty"} 1␊    | line 1, column 7: invalid escape sequence: expected '\\', '"' or 'n' after '\\', found 't'
          escape at the end    | a{b="x\\           | line 1, column 7: invalid escape sequence: expected '\\', '"' or 'n' after '\\', found the end
          nothing after value  | a{b="1"␊           | line 1, column 8: expected ',' or '}' after the value of label "b", found the end of the line
          labels not separated | a{b="1" c="2"} 1␊  | line 1, column 9: expected ',' or '}' after the value of label "b", found 'c'
          label twice          | a{b="1",c="2",b="3"} 1␊ | line 1, column 2: label "b" is given twice
          label twice, quoted  | a{b="1","b"="1"} 1␊ | line 1, column 2: label "b" is given twice
          reserved label       | a{__name__="b"} 1␊ | line 1, column 3: label name "__name__" is reserved
          name in a comment    | # HELP 1 b␊        | line 1, column 8: expected a metric name and a blank in the comment, found '1'
          brace in a comment   | # TYPE a: gauge␊# HELP a{ b␊ | line 2, column 9: '{' is not allowed in a metric name
          unknown type         | # TYPE a info␊     | line 1, column 10: unknown metric type "info"
          another type         | # TYPE a gauge␊# TYPE a counter␊ | line 2, column 10: expected type gauge, which an earlier line gives metric family "a", found counter
          untyped is a type    | # TYPE a counter␊# TYPE a untyped␊ | line 2, column 10: expected type counter, which an earlier line gives metric family "a", found untyped
          types after samples  | a 1␊# TYPE a gauge␊# TYPE a counter␊ | line 3, column 10: expected type gauge, which an earlier line gives metric family "a", found counter
          error after all      | a 1␊# TYPE a gauge␊} 1␊# TYPE b: gauge␊ | line 3, column 1: expected a metric name, found '}'
          escape in help       | # HELP a x\\ty␊    | line 1, column 11: invalid escape sequence: expected '\\', '"' or 'n' after '\\', found 't'
          help ends in escape  | # HELP a x\\␍␊     | line 1, column 11: invalid escape sequence: expected '\\', '"' or 'n' after '\\', found the end of the line
          columns are bytes    | a{b="ü",1} 1␊      | line 1, column 10: expected a label name, found '1'
          """)
  void rejects(String why, String input, String message) {
    assertRejects(LEGACY, visible(input).getBytes(StandardCharsets.UTF_8), message, why);
  }

  private static void assertRejects(TextParser parser, byte[] body, String message, String why) {
    for (int time = 0; time < 2; time++) {
      ExpositionException e =
          assertThrows(
              ExpositionException.class,
              () -> parser.parse(body, 0, body.length, GroupingLabels.NONE),
              why);
      assertEquals(message, e.getMessage(), why);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          open name      | {"a.b} 1␊      | line 1, column 2: name in quotes is not closed
          empty name     | # TYPE "" gauge␊ | line 1, column 8: invalid metric name ""
          two names      | {"a.b","c.d"}␊ | line 1, column 8: a second metric name "c.d"
          label only     | {"a.b"="c"} 1␊ | line 1, column 1: there is no metric name, neither before the braces nor in them
          not in quotes  | a.b 1␊         | line 1, column 2: '.' is not allowed in a metric name without quotes
          """)
  void rejectsUtf8Names(String why, String input, String message) {
    assertRejects(UTF8, visible(input).getBytes(StandardCharsets.UTF_8), message, why);
  }

  @Test
  void rejectsWhatIsNotUtf8() {
    byte[] value = "a{b=\"x\u00FF\"} 1\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] name = "{\"x\u00FF\"} 1\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] bare = "\u00FF 1\n".getBytes(StandardCharsets.ISO_8859_1);
    assertRejects(LEGACY, value, "line 1, column 5: label value \"x\uFFFD\" is not UTF-8", "value");
    assertRejects(UTF8, name, "line 1, column 2: invalid metric name \"x\uFFFD\"", "metric name");
    assertRejects(UTF8, bare, "line 1, column 1: expected a metric name, found byte 0xFF", "byte");
  }

  @Test
  void messagesFitInALineOfALog() {
    byte[] controls = "a x\u001B[1m\u2028\r\u202E\n".getBytes(StandardCharsets.UTF_8);
    String escaped = "\"x\\u001B[1m\\u2028\\r\\u202E\"";
    assertRejects(
        LEGACY,
        controls,
        "line 1, column 3: expected a number as value, found " + escaped,
        "controls");
    byte[] longer = ("a x" + "é".repeat(1000) + "\n").getBytes(StandardCharsets.UTF_8);
    String cut = "\"x" + "é".repeat(29) + "…\"";
    assertRejects(
        LEGACY, longer, "line 1, column 3: expected a number as value, found " + cut, "long");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          summary                  | # TYPE a summary␊a{quantile="0.5"} 1␊a_sum 2␊a_count 3␊ | summary a{quantile="0.5"} 1␊a_sum 2␊a_count 3␊
          parts are missing        | # TYPE a summary␊a 7␊                               | summary a_sum 0␊a_count 0␊
          quantile that is NaN     | # TYPE a summary␊a{quantile="NaN"} 7␊               | summary a_sum 0␊a_count 0␊
          last quantile label wins | # TYPE a summary␊a{quantile="1",quantile="0.2"} 7␊  | summary a{quantile="0.2"} 7␊a_sum 0␊a_count 0␊
          quantile of a sum        | # TYPE a summary␊a_sum{quantile="1"} 7␊             | summary a_sum 7␊a_count 0␊
          quantile before name     | # TYPE a summary␊{quantile="1","a"} 7␊              | summary a{quantile="1"} 7␊a_sum 0␊a_count 0␊
          last line wins           | # TYPE a summary␊a_sum 1␊a_sum 2␊                   | summary a_sum 2␊a_count 0␊
          le is any label          | # TYPE a summary␊a_sum{le="x"} 1␊                   | summary a_sum{le="x"} 1␊a_count{le="x"} 0␊
          negative count wraps     | # TYPE a summary␊a_count -1.5␊                      | summary a_sum 0␊a_count 1.8446744073709552e+19␊
          count that is no number  | # TYPE a summary␊a_count NaN␊                       | summary a_sum 0␊a_count 9.223372036854776e+18␊
          huge count               | # TYPE a summary␊a_count 1e300␊                     | summary a_sum 0␊a_count 9.223372036854776e+18␊
          count of 64 bits         | # TYPE a summary␊a_count 1e19␊                      | summary a_sum 0␊a_count 1e+19␊
          bucket of a summary      | # TYPE a summary␊a_sum 1␊a_bucket 2␊                | summary a_sum 1␊a_count 0␊untyped a_bucket 2␊
          histogram                | # TYPE a histogram␊a_bucket{le="1"} 2␊a_bucket{le="+Inf"} 3␊a_sum 4␊a_count 3␊ | histogram a_bucket{le="1"} 2␊a_bucket{le="+Inf"} 3␊a_sum 4␊a_count 3␊
          gauge histogram          | # TYPE a gaugehistogram␊a_bucket{le="1"} 2␊         | gauge_histogram a_bucket{le="1"} 2␊a_bucket{le="+Inf"} 0␊a_sum 0␊a_count 0␊
          its count and sum        | # TYPE a gaugehistogram␊a_gcount{b="1"} 2␊a_gsum{b="1"} -3␊ | gauge_histogram a_bucket{b="1",le="+Inf"} 2␊a_sum{b="1"} -3␊a_count{b="1"} 2␊
          gcount of a histogram    | # TYPE a histogram␊a_count 2␊a_gcount 3␊            | histogram a_bucket{le="+Inf"} 2␊a_sum 0␊a_count 2␊untyped a_gcount 3␊
          gcount before the type   | a_gcount 3␊# TYPE a gaugehistogram␊                 | gauge_histogram a_bucket{le="+Inf"} 3␊a_sum 0␊a_count 3␊
          underscored type         | # TYPE a Gauge_Histogram␊a_sum 2␊                   | gauge_histogram a_bucket{le="+Inf"} 0␊a_sum 2␊a_count 0␊
          bucket without suffix    | # TYPE a histogram␊a{le="1"} 2␊                     | histogram a_bucket{le="1"} 2␊a_bucket{le="+Inf"} 0␊a_sum 0␊a_count 0␊
          bucket without le        | # TYPE a histogram␊a_bucket 2␊                      | histogram a_bucket{le="+Inf"} 0␊a_sum 0␊a_count 0␊
          fractions are kept       | # TYPE a histogram␊a_bucket{le="1"} 2.9␊a_count 3.5␊ | histogram a_bucket{le="1"} 2.9␊a_bucket{le="+Inf"} 3.5␊a_sum 0␊a_count 3.5␊
          fraction of a summary    | # TYPE a summary␊a_count 3.5␊                       | summary a_sum 0␊a_count 3␊
          negative, but no bucket  | # TYPE a histogram␊a_bucket -1␊a_sum -1␊            | histogram a_bucket{le="+Inf"} 0␊a_sum -1␊a_count 0␊
          bucket that is no number | # TYPE a histogram␊a_bucket{le="1"} NaN␊            | histogram a_bucket{le="1"} NaN␊a_bucket{le="+Inf"} 0␊a_sum 0␊a_count 0␊
          counts near 64 bits      | # TYPE a histogram␊a_bucket{le="1"} 1e19␊a_count 1e20␊ | histogram a_bucket{le="1"} 1e+19␊a_bucket{le="+Inf"} 1e+20␊a_sum 0␊a_count 1e+20␊
          minus zero is a count    | # TYPE a histogram␊a_count -0␊                      | histogram a_bucket{le="+Inf"} 0␊a_sum 0␊a_count 0␊
          infinite count           | # TYPE a histogram␊a_count +Inf␊                    | histogram a_bucket{le="+Inf"} +Inf␊a_sum 0␊a_count +Inf␊
          suffix of a suffix       | # TYPE a histogram␊a_sum 1␊a_sum_sum 2␊             | histogram a_bucket{le="+Inf"} 0␊a_sum 1␊a_count 0␊untyped a_sum_sum 2␊
          suffix before the type   | a_sum 1␊# TYPE a summary␊a_sum{b=""} 2␊a_count 3␊   | summary a_sum 1␊a_count 3␊a_sum{b=""} 2␊a_count{b=""} 0␊
          all before the type      | a_bucket{le="1"} 1␊a_sum 2␊a_count 3␊# TYPE a histogram␊ | histogram a_bucket{le="1"} 1␊a_bucket{le="+Inf"} 3␊a_sum 2␊a_count 3␊
          quantile before the type | a{quantile="1",b="2"} 1␊# TYPE a summary␊           | summary a{b="2",quantile="1"} 1␊a_sum{b="2"} 0␊a_count{b="2"} 0␊
          help of a part, too soon | # HELP a_sum x␊# TYPE a summary␊a_sum 1␊            | summary a_sum 1␊a_count 0␊
          part with its own type   | # TYPE a_sum gauge␊a_sum 1␊a_count 2␊# TYPE a summary␊ | gauge a_sum 1␊summary a_sum 0␊a_count 2␊
          suffix of a number       | # TYPE a gauge␊a_sum 1␊a 2␊                         | gauge a 2␊untyped a_sum 1␊
          suffix alone             | # TYPE a summary␊_sum 1␊                            | untyped _sum 1␊
          help line of a part      | # TYPE a summary␊# HELP a_sum x␊a_sum 1␊            | summary a_sum 1␊a_count 0␊
          several, interleaved     | # TYPE a summary␊a_sum{b="1",c="2"} 1␊a_sum{c="3"} 2␊a_count{c="2",b="1"} 3␊ | summary a_sum{c="3"} 2␊a_count{c="3"} 0␊a_sum{b="1",c="2"} 1␊a_count{b="1",c="2"} 3␊
          escapes in its labels    | # TYPE a summary␊a_sum{b="\\n\\\\\\""} 1␊           | summary a_sum{b="\\n\\\\\\""} 1␊a_count{b="\\n\\\\\\""} 0␊
          """)
  void putsSummariesAndHistogramsTogether(String why, String input, String expected)
      throws ExpositionException {
    assertEquals(visible(expected), parseAndShow(LEGACY, input), why);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          quantile     | # TYPE a summary␊a{b="1",quantile="x"} 1␊ | line 2, column 19: expected a number as value of label "quantile", found "x"
          both         | # TYPE a summary␊a{quantile="",quantile="1"} 1␊ | line 2, column 13: expected a number as value of label "quantile", found ""
          le           | # TYPE a histogram␊a_count{le="1\\n"} 1␊ | line 2, column 13: expected a number as value of label "le", found "1\\\\n"
          le, too soon | # TYPE a histogram␊{le="x","a"} 1␊        | line 2, column 6: expected a number as value of label "le", found "x"
          label twice  | # TYPE a histogram␊a_sum{b="1",b="1"} 1␊  | line 2, column 6: label "b" is given twice
          type of part | # TYPE a summary␊# TYPE a_sum gauge␊      | line 2, column 8: family "a_sum" of this push collides with a series of summary "a" of this push
          type of gsum | # TYPE a gaugehistogram␊# TYPE a_gsum gauge␊ | line 2, column 8: family "a_gsum" of this push collides with a series of gauge histogram "a" of this push
          bucket       | # TYPE a histogram␊a_bucket{le="1"} -1␊   | line 2, column 18: expected a count of a histogram, found a negative one: "-1"
          count        | # TYPE a histogram␊a_count -0.5␊          | line 2, column 9: expected a count of a histogram, found a negative one: "-0.5"
          gcount       | # TYPE a gaugehistogram␊a_gcount -Inf␊    | line 2, column 10: expected a count of a histogram, found a negative one: "-Inf"
          count, late  | a_count -2␊# TYPE a histogram␊            | line 1, column 9: expected a count of a histogram, found a negative one: "-2"
          """)
  void rejectsBrokenSummariesAndHistograms(String why, String input, String message) {
    assertRejects(LEGACY, visible(input).getBytes(StandardCharsets.UTF_8), message, why);
  }

  @Test
  void keepsMinusZeroAmongOtherNumbers() throws ExpositionException {
    FamilyBlock block = parse("a{b=\"1\"} 1\na{b=\"2\"} -0\na{b=\"3\"} 2\n").families().get(0);
    assertTrue(block.hasProtobuf());
    assertEquals(new Metric.Number(1), block.metric(0).value());
    assertEquals(new Metric.Number(-0.0), block.metric(1).value());
    assertEquals(new Metric.Number(2), block.metric(2).value());
  }

  @Test
  void lastHelpWins() throws ExpositionException {
    assertEquals("c", parse("# HELP a b\na 1\n# HELP a c\n").families().get(0).help());
    assertEquals("b", parse("a 1\n# TYPE a gauge\n# HELP a b\n").families().get(0).help());
    assertEquals("b", parse("# HELP a b\na 1\n# HELP a\n").families().get(0).help());
    String part = "# TYPE a summary\n# HELP a b\n# HELP a_sum c\na_sum 1\n";
    assertEquals("b", parse(part).families().get(0).help());
    String whole = "# TYPE a summary\n# HELP a_sum c\n# HELP a b\na_sum 1\n";
    assertEquals("b", parse(whole).families().get(0).help());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
  void rejectsUtf16ByItsName(String charset) throws Exception {
    for (String text : new String[] {"# HELP a ü\na 1\r\n", "a{b=\"日\"} 1\n", "\n a 1"}) {
      byte[] body = text.getBytes(charset);
      ExpositionException e =
          assertThrows(
              ExpositionException.class,
              () -> LEGACY.parse(body, 0, body.length, GroupingLabels.NONE));
      assertTrue(e.getMessage().endsWith(": the body is UTF-16; UTF-8 is expected"), e::getMessage);
    }
  }

  @Test
  void rejectsUtf16BehindUtf8() throws Exception {
    byte[] first = "a 1\n".getBytes(StandardCharsets.UTF_8);
    byte[] second = "b 2\n".getBytes(StandardCharsets.UTF_16LE);
    byte[] body = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, body, first.length, second.length);
    assertRejects(LEGACY, body, "line 2: the body is UTF-16; UTF-8 is expected", "appended");
  }

  /** Parsing again takes no more memory than parsing once. */
  @Test
  void typeAfterSamplesTakesMemoryOnce() throws ExpositionException {
    String samples = "a{b=\"%d\"} 1\n".repeat(2_000);
    long once = bytesTaken(samples + "# TYPE c gauge\n");
    long again = bytesTaken(samples + "# TYPE a gauge\n");
    assertTrue(once > 50_000 && again <= once + TextAllowance.STEP_BYTES, once + ", " + again);
  }

  private static long bytesTaken(String body) throws ExpositionException {
    AtomicLong taken = new AtomicLong();
    TextAllowance allowance =
        bytes -> {
          taken.addAndGet(bytes);
          return true;
        };
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    LEGACY.parse(
        bytes, 0, bytes.length, new PushContext(GroupingLabels.NONE, PreviousPush.NONE, allowance));
    return taken.get();
  }

  @Test
  void unescapesHelp() throws ExpositionException {
    String body = "# HELP a  x\\\\y\\n\\\"\"\r z \r\na 1\n";
    assertEquals("x\\y\n\"\"\r z ", parse(body).families().get(0).help());
    assertNull(parse("# HELP a \na 1\n").families().get(0).help());
  }

  @Test
  void tellsWhetherThereAreTimestamps() throws ExpositionException {
    assertFalse(parse("a 1\n").hasTimestamps());
    assertTrue(parse("a 1\nb 1 -0\nc 2\n").hasTimestamps());
    assertTrue(parse("a 1\t +9223372036854775807\r\n").hasTimestamps());
    assertTrue(parse("a 1 -9223372036854775808").hasTimestamps());
    assertFalse(parse("a 1\n").hasTimestamps());
  }

  @Test
  void addsGroupingLabels() throws ExpositionException {
    byte[] body = "a{job=\"x\",z=\"1\"} 1\nb{instance=\"i\"} 2\n".getBytes(StandardCharsets.UTF_8);
    GroupingLabels grouping = GroupingLabels.of(Labels.of("job", "j", "q", "\"\n"));
    String expected =
        """
        untyped a{instance="",job="j",q="\\"\\n",z="1"} 1
        untyped b{instance="i",job="j",q="\\"\\n"} 2
        """;
    assertEquals(expected, show(LEGACY.parse(body, 0, body.length, grouping)));
  }

  /** As with the Go gateway, these are failed pushes, not unreadable ones. */
  @Test
  void notesLabelNamesThatAreInvalid() throws ExpositionException {
    String dots = "metric a has a label with an invalid name: \"b.c\"";
    assertEquals(dots, parse("a{\"b.c\"=\"1\"} 1\n").families().get(0).problem());
    for (String type : new String[] {"gauge", "summary", "histogram"}) {
      String body = "# TYPE a " + type + "\na{\"x\u00FF\"=\"1\",\"\u00FF\u00FF\"=\"\"} 1\n";
      byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
      FamilyBlock block = UTF8.parse(bytes, 0, bytes.length, GroupingLabels.NONE).families().get(0);
      assertEquals(1, block.size());
      assertEquals("metric a has a label with an invalid name: \"x\uFFFD\"", block.problem());
    }
  }

  @Test
  void notesSeriesThatAreThereTwice() throws ExpositionException {
    FamilyBlock block = parse("a{b=\"1\",c=\"\"} 1\na{c=\"\",b=\"1\"} 2\n").families().get(0);
    assertEquals(
        "metric a{b=\"1\",c=\"\"} is there twice, with the same name and labels", block.problem());
  }

  @Test
  void manyLabelsInOneLineAreSortedInTime() throws ExpositionException {
    StringBuilder body = new StringBuilder("a{");
    for (int i = 200_000; i > 0; i--) {
      body.append('l').append(i).append("=\"\",");
    }
    body.append("} 1\n");
    assertEquals(200_000, parse(body.toString()).families().get(0).labelCount(0));
  }

  private static ParsedPush parse(String body) throws ExpositionException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return LEGACY.parse(bytes, 0, bytes.length, GroupingLabels.NONE);
  }

  private static String parseAndShow(TextParser parser, String input) throws ExpositionException {
    byte[] body = visible(input).getBytes(StandardCharsets.UTF_8);
    byte[] amidst = ("1\"" + visible(input) + "}x 2").getBytes(StandardCharsets.UTF_8);
    String first = show(parser.parse(body, 0, body.length, GroupingLabels.NONE));
    String second = show(parser.parse(amidst, 2, 2 + body.length, GroupingLabels.NONE));
    assertEquals(first, second);
    return first;
  }

  private static String show(ParsedPush exposition) {
    StringBuilder shown = new StringBuilder();
    for (FamilyBlock block : exposition.families()) {
      shown.append(block.type().name().toLowerCase(Locale.ROOT)).append(' ');
      shown.append(new String(block.text(), StandardCharsets.UTF_8));
    }
    return shown.toString();
  }

  static String visible(String text) {
    return text.replace('␊', '\n')
        .replace('␍', '\r')
        .replace('␉', '\t')
        .replace('␠', ' ')
        .replace('␀', '\0')
        .replace('◆', '\uFEFF');
  }
}
