package dev.pushgateway.logging;

import java.io.PrintStream;
import java.util.Locale;
import org.slf4j.event.Level;

/** What is logged, and how. To be set before the first line; logs info as logfmt until then. */
public final class LogConfiguration {
  private static final String JETTY = "org.eclipse.jetty";

  /** Warns of each bad {@code Host}, which a client may send as often as it likes. */
  private static final String HOST_PARSER = "org.eclipse.jetty.util.HostPort";

  /**
   * What Jetty's servlets say of an exception without a stack: one of a connection, which a client
   * may cut whenever it likes, and which is cut when it reads too slowly.
   */
  private static final String CONNECTION_FAILED = "handleException {} {}";

  /** Whose line it is. */
  enum Source {
    GATEWAY,
    JETTY,
    /** A part of Jetty that warns of what any client may cause. */
    JETTY_OF_CLIENTS
  }

  private static volatile LogConfiguration current =
      new LogConfiguration(Level.INFO, LineFormat.LOGFMT, System.err);

  private final int lowest;
  private final int lowestOfJetty;
  private final LineFormat format;
  private final PrintStream out;

  LogConfiguration(Level level, LineFormat format, PrintStream out) {
    this.lowest = level.toInt();
    this.lowestOfJetty = jettyLevel(level).toInt();
    this.format = format;
    this.out = out;
  }

  /**
   * Sets what is logged from now on.
   *
   * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
   * @param format {@code logfmt} or {@code json}
   */
  public static void set(String level, String format) {
    current =
        new LogConfiguration(
            Level.valueOf(level.toUpperCase(Locale.ROOT)),
            LineFormat.valueOf(format.toUpperCase(Locale.ROOT)),
            System.err);
  }

  static LogConfiguration current() {
    return current;
  }

  /** Whose a logger of that name is. */
  static Source sourceOf(String logger) {
    if (!logger.startsWith(JETTY)) {
      return Source.GATEWAY;
    }
    return logger.equals(HOST_PARSER) ? Source.JETTY_OF_CLIENTS : Source.JETTY;
  }

  /** Whether to log; Jetty asks dozens of times for each request. */
  boolean logs(Source source, Level asked) {
    int least =
        switch (source) {
          case GATEWAY -> lowest;
          case JETTY -> lowestOfJetty;
          case JETTY_OF_CLIENTS ->
              lowest > Level.DEBUG.toInt() ? Level.ERROR.toInt() : lowestOfJetty;
        };
    return asked.toInt() >= least;
  }

  /** Whether to log this. */
  boolean logs(Source source, Level level, String message) {
    boolean isOfClients = source == Source.JETTY && CONNECTION_FAILED.equals(message);
    return logs(isOfClients ? Source.JETTY_OF_CLIENTS : source, level);
  }

  /** One level quieter: Jetty's info is of no use to operators, its debug to nobody. */
  private static Level jettyLevel(Level level) {
    return switch (level) {
      case TRACE, DEBUG -> Level.INFO;
      case INFO, WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  void write(LogLine line) {
    // A PrintStream writes a string at once, so that lines of two threads don't mix.
    out.print(format.format(line));
    out.flush();
  }
}
