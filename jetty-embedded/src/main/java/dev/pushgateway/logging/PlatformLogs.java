package dev.pushgateway.logging;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Passes lines of {@code java.util.logging} on to SLF4J, so that they have the format and the
 * limits of all other lines. {@code System.Logger} uses {@code java.util.logging}, too.
 *
 * <p>Costs nothing until a class logs in this way: only then the JVM creates a {@link
 * Configuration}.
 */
public final class PlatformLogs extends Handler {
  private static final String CONFIGURATION_PROPERTY = "java.util.logging.config.class";

  private final SimpleFormatter formatter = new SimpleFormatter();

  /** Makes this class the only handler. The JVM calls the constructor. */
  public static final class Configuration {
    public Configuration() throws IOException {
      String properties = "handlers=" + PlatformLogs.class.getName() + "\n.level=INFO\n";
      LogManager.getLogManager()
          .readConfiguration(
              new ByteArrayInputStream(properties.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** Makes the JVM use this class, unless its command line names another configuration. */
  static void passOn() {
    System.getProperties().putIfAbsent(CONFIGURATION_PROPERTY, Configuration.class.getName());
  }

  @Override
  public void publish(LogRecord record) {
    Logger logger = LoggerFactory.getLogger(String.valueOf(record.getLoggerName()));
    logger
        .atLevel(levelOf(record))
        .setCause(record.getThrown())
        .log("{}", formatter.formatMessage(record));
  }

  private static Level levelOf(LogRecord record) {
    int level = record.getLevel().intValue();
    if (level >= java.util.logging.Level.SEVERE.intValue()) {
      return Level.ERROR;
    }
    if (level >= java.util.logging.Level.WARNING.intValue()) {
      return Level.WARN;
    }
    return level >= java.util.logging.Level.INFO.intValue() ? Level.INFO : Level.DEBUG;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
