package dev.pushgateway.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.event.Level;

final class LogConfigurationTest {
  private static final String LIBRARY = "org.example.library.X";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final LogConfiguration before = LogConfiguration.current();
  private long nanos;

  @AfterEach
  void restore() {
    LogConfiguration.set(before);
  }

  private LogConfiguration at(Level level) {
    PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
    return new LogConfiguration(level, LineFormat.LOGFMT, out, () -> nanos);
  }

  private List<String> lines() {
    List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
    written.reset();
    return lines;
  }

  private static void warn(String logger, int times) {
    Logger log = new LineLogger(logger);
    for (int i = 0; i < times; i++) {
      log.warn("line {}", i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LIBRARY, "dev.pushgateway.request.RefusalLog", "java.lang.Thread"})
  void aFloodIsCutOffAndCounted(String logger) {
    LogConfiguration.set(at(Level.INFO));
    warn(logger, 100_000);
    int first = lines().size();
    assertTrue(first >= 20 && first <= 100, first + " lines");
    nanos += TimeUnit.SECONDS.toNanos(1);
    warn(logger, 100_000);
    List<String> second = lines();
    assertTrue(second.size() >= 1 && second.size() <= 5, second.size() + " lines");
    assertTrue(second.get(0).contains(" omitted_lines=" + (100_000 - first)), second.get(0));
  }

  @Test
  void aFloodOmitsNoLineOfAnotherSource() {
    LogConfiguration.set(at(Level.INFO));
    warn(LIBRARY, 1_000);
    lines();
    warn("dev.pushgateway.request.RefusalLog", 1);
    assertEquals(1, lines().size());
    warn("dev.pushgateway.request.RefusalLog", 1_000);
    lines();
    warn("dev.pushgateway.persistence.Maintenance", 1_000);
    assertEquals(1_000, lines().size());
  }

  @Test
  void allLibrariesShareALimit() {
    LogConfiguration.set(at(Level.INFO));
    for (int i = 0; i < 1_000; i++) {
      warn(LIBRARY + i, 1);
    }
    assertEquals(20, lines().size());
  }

  @Test
  void whatTheJvmLogsHasTheSameFormAndLimit() {
    LogConfiguration.set(at(Level.INFO));
    for (int i = 0; i < 1_000; i++) {
      LogRecord record = new LogRecord(java.util.logging.Level.WARNING, "found {0}\n{1}");
      record.setLoggerName("org.example.Platform");
      record.setParameters(new Object[] {i});
      record.setThrown(new IllegalStateException("why"));
      new PlatformLogs().publish(record);
    }
    List<String> lines = lines();
    assertEquals(20, lines.size());
    String start = " level=warn caller=Platform msg=\"found 0\\n{1}\" err=";
    assertTrue(lines.get(0).contains(start), lines.get(0));
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
    "DEBUG, org.eclipse.jetty.util.HostPort, WARN, true",
    "INFO, org.eclipse.jetty.http.HttpParser, WARN, false",
    "INFO, org.example.library.X, INFO, false",
    "INFO, org.example.library.X, WARN, true"
  })
  void logsFromTheLevelUpAndLibrariesOneLevelLess(
      Level configured, String logger, Level asked, boolean logged) {
    assertEquals(logged, at(configured).logs(LogConfiguration.sourceOf(logger), asked));
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
    assertEquals(
        logged, at(configured).logs(LogConfiguration.sourceOf(logger), Level.WARN, message));
  }
}
