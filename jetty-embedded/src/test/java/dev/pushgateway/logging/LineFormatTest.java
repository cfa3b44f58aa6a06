package dev.pushgateway.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

final class LineFormatTest {
  private static LogLine line(String message, KeyValuePair... attributes) {
    Instant time = Instant.parse("2026-11-22T20:15:00.1234567Z");
    return new LogLine(time, Level.WARN, "Main", message, List.of(attributes));
  }

  @Test
  void logfmtHasTheShapeOfPromslog() {
    assertEquals(
        "ts=2026-11-22T20:15:00.123Z level=warn caller=Main msg=\"two words\" address=[::]:9091\n",
        LineFormat.LOGFMT.format(line("two words", new KeyValuePair("address", "[::]:9091"))));
  }

  @Test
  void jsonHasTheSameNames() {
    assertEquals(
        "{\"ts\":\"2026-11-22T20:15:00.123Z\",\"level\":\"warn\",\"caller\":\"Main\","
            + "\"msg\":\"one\",\"a\":\"b\"}\n",
        LineFormat.JSON.format(line("one", new KeyValuePair("a", "b"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          plain                | plain
          job=x                | "job=x"
          a "quoted" word      | "a \\"quoted\\" word"
          back\\slash          | "back\\\\slash"
          ^^                   | ""
          zwölf                | zwölf
          """)
  void quotesInLogfmtWhatNeedsIt(String message, String written) {
    assertTrue(LineFormat.LOGFMT.format(line(message)).endsWith(" msg=" + written + "\n"));
  }

  @Test
  void noMessageMakesTwoLines() {
    String forged = "x\nts=2026 level=error\r\u2028\u0085\u0000\u001b[31m\u202e";
    for (LineFormat format : LineFormat.values()) {
      String written = format.format(line(forged, new KeyValuePair("a\nb c", forged)));
      assertEquals(written.length() - 1, written.indexOf('\n'), written);
      assertTrue(
          written.contains("x\\nts=2026 level=error\\r\\u2028\\u0085\\u0000\\u001b[31m\\u202e"),
          written);
    }
  }

  @ParameterizedTest
  @EnumSource(LineFormat.class)
  void noLineIsLongerThanItsLimit(LineFormat format) {
    for (String unit : new String[] {"a", "=", "\"", "\u001b", "é", "語", "\ud83d\ude00"}) {
      String value = unit.repeat(100_000);
      KeyValuePair pair = new KeyValuePair(value, value);
      String written = format.format(line(value, pair, pair));
      int length = written.getBytes(StandardCharsets.UTF_8).length;
      assertTrue(length <= LineFormat.MAX_BYTES, length + " bytes of " + unit);
      assertTrue(length > LineFormat.MAX_BYTES - 200, length + " bytes of " + unit);
      assertEquals(written.length() - 1, written.indexOf('\n'));
    }
  }

  @Test
  void aLongMessageLeavesHalfOfTheLineToTheError() throws Exception {
    String message = "m\"".repeat(100_000);
    String stack = "at x".repeat(100_000);
    LogLine logLine = line(message, new KeyValuePair("err", "E"), new KeyValuePair("stack", stack));
    Map<String, String> json = fields(LineFormat.JSON.format(logLine));
    assertEquals("E", json.get("err"));
    String writtenMessage = json.get("msg");
    assertTrue(writtenMessage.startsWith("m\"m\"") && writtenMessage.endsWith("…"));
    String writtenStack = json.get("stack");
    assertTrue(writtenStack.length() > LineFormat.MAX_BYTES / 3 && writtenStack.endsWith("…"));
  }

  private static Map<String, String> fields(String json) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        fields.put(parser.currentName(), parser.nextTextValue());
      }
    }
    return fields;
  }
}
