package dev.pushgateway.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Writes a line for each call, within the limits of {@link LogConfiguration}. */
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
  private final String caller;
  private final LogConfiguration.Source source;

  LineLogger(String name) {
    this.name = name;
    this.caller = name.substring(name.lastIndexOf('.') + 1);
    this.source = LogConfiguration.sourceOf(name);
  }

  @Override
  public void log(LoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    write(
        event.getLevel(),
        event.getMessage(),
        event.getArgumentArray(),
        event.getThrowable(),
        pairs == null ? List.of() : pairs);
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String message, Object[] arguments, Throwable throwable) {
    write(level, message, arguments, throwable, List.of());
  }

  private void write(
      Level level,
      String message,
      Object[] arguments,
      Throwable throwable,
      List<KeyValuePair> pairs) {
    LogConfiguration configuration = LogConfiguration.current();
    if (configuration.logs(source, level, message)) {
      // Checked again: the fluent API may log later than it was created, when the level has
      // changed.
      configuration.limit(
          source,
          omitted ->
              configuration.write(
                  new LogLine(
                      Instant.now(),
                      level,
                      caller,
                      MessageFormatter.basicArrayFormat(String.valueOf(message), arguments),
                      attributes(omitted, throwable, pairs))));
    }
  }

  private static List<KeyValuePair> attributes(
      long omitted, Throwable throwable, List<KeyValuePair> pairs) {
    List<KeyValuePair> attributes = new ArrayList<>();
    if (omitted > 0) {
      attributes.add(new KeyValuePair("omitted_lines", omitted));
    }
    attributes.addAll(pairs);
    if (throwable != null) {
      attributes.add(new KeyValuePair("err", throwable));
      attributes.add(new KeyValuePair("stack", stackOf(throwable)));
    }
    return attributes;
  }

  private static String stackOf(Throwable throwable) {
    StringWriter stack = new StringWriter();
    throwable.printStackTrace(new PrintWriter(stack));
    return stack.toString();
  }

  private boolean isEnabled(Level level) {
    return LogConfiguration.current().logs(source, level);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return LineLogger.class.getName();
  }

  @Override
  public boolean isTraceEnabled() {
    return isEnabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return isEnabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return isEnabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return isEnabled(Level.ERROR);
  }
}
