package dev.pushgateway.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  @CsvSource({
    "DEBUG, dev.pushgateway.X, DEBUG, true",
    "INFO, dev.pushgateway.X, DEBUG, false",
    "ERROR, dev.pushgateway.X, WARN, false",
    "INFO, org.eclipse.jetty.server.Server, INFO, false",
    "INFO, org.eclipse.jetty.server.Server, WARN, true",
    "DEBUG, org.eclipse.jetty.server.Server, INFO, true",
    "DEBUG, org.eclipse.jetty.server.Server, DEBUG, false",
    "ERROR, org.eclipse.jetty.server.Server, WARN, false",
    "INFO, org.eclipse.jetty.util.HostPort, WARN, false",
    "INFO, org.eclipse.jetty.util.HostPort, ERROR, true",
    "DEBUG, org.eclipse.jetty.util.HostPort, WARN, true"
  })
  void logsFromTheLevelUpAndJettyOneLevelLess(
      Level configured, String logger, Level asked, boolean logged) {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    assertEquals(
        logged,
        new LogConfiguration(configured, LineFormat.LOGFMT, out)
            .logs(LogConfiguration.sourceOf(logger), asked));
  }

  @ParameterizedTest
  @CsvSource({
    "INFO, org.eclipse.jetty.ee10.servlet.ServletChannel, handleException {} {}, false",
    "INFO, org.eclipse.jetty.ee10.servlet.ServletChannel, /metrics, true",
    "DEBUG, org.eclipse.jetty.ee10.servlet.ServletChannel, handleException {} {}, true",
    "INFO, dev.pushgateway.X, handleException {} {}, true"
  })
  void clientsThatAreCutOffDoNotFillTheLog(
      Level configured, String logger, String message, boolean logged) {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    assertEquals(
        logged,
        new LogConfiguration(configured, LineFormat.LOGFMT, out)
            .logs(LogConfiguration.sourceOf(logger), Level.WARN, message));
  }
}
