package dev.pushgateway.logging;

import java.io.PrintStream;
import java.util.Locale;
import org.slf4j.event.Level;

/** What is logged, and how. To be set before the first line; logs info as logfmt until then. */
public final class LogConfiguration {
  private static final String JETTY = "org.eclipse.jetty";

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

  /** Whether a logger of that name is one of Jetty's, which are quieter. */
  static boolean isJetty(String logger) {
    return logger.startsWith(JETTY);
  }

  /** Whether to log; Jetty asks dozens of times for each request. */
  boolean logs(boolean jetty, Level asked) {
    return asked.toInt() >= (jetty ? lowestOfJetty : lowest);
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
