package dev.pushgateway.logging;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * The level, the format and the limits of the log. Set it before the first line; the default is
 * info and logfmt.
 *
 * <p>Every line passes the limit of its {@link Source}. Clients can therefore neither fill a disk
 * with lines nor hide lines that an operator needs.
 */
public final class LogConfiguration {
  private static final String OWN = "dev.pushgateway.";

  /** The packages whose lines are caused by single requests. */
  private static final Set<String> PACKAGES_OF_REQUESTS = Set.of(OWN + "request", OWN + "http");

  /** Classes of Jetty that only warn about a client's mistake, which the client is told. */
  private static final Set<String> OF_CLIENTS =
      Set.of(
          "org.eclipse.jetty.util.HostPort",
          "org.eclipse.jetty.http.HttpParser",
          "org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection");

  /**
   * Jetty's message for an exception of a connection, without a stack. Clients may break
   * connections at any time, and slow readers are disconnected.
   */
  private static final String CONNECTION_FAILED = "handleException {} {}";

  /** The origin of a line. */
  enum Source {
    /** Start, stop, persistence, settings: few lines, and none is ever omitted. */
    GATEWAY,
    /** The gateway's lines about single requests. */
    REQUESTS,
    LIBRARIES,
    /** A library's lines about clients, which are only logged as errors or at level debug. */
    LIBRARIES_OF_CLIENTS
  }

  private static volatile LogConfiguration current =
      new LogConfiguration(Level.INFO, LineFormat.LOGFMT, System.err, System::nanoTime);

  private final int lowest;
  private final int lowestOfLibraries;
  private final LineFormat format;
  private final PrintStream out;
  private final LineLimit requests;
  private final LineLimit libraries;

  LogConfiguration(Level level, LineFormat format, PrintStream out, LongSupplier nanoTime) {
    this.lowest = level.toInt();
    this.lowestOfLibraries = levelOfLibraries(level).toInt();
    this.format = format;
    this.out = out;
    this.requests = new LineLimit(nanoTime, 100, 5);
    this.libraries = new LineLimit(nanoTime, 20, 1);
  }

  /**
   * Sets the level and the format from now on.
   *
   * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
   * @param format {@code logfmt} or {@code json}
   */
  public static void set(String level, String format) {
    PlatformLogs.passOn();
    current =
        new LogConfiguration(
            Level.valueOf(level.toUpperCase(Locale.ROOT)),
            LineFormat.valueOf(format.toUpperCase(Locale.ROOT)),
            System.err,
            System::nanoTime);
  }

  static void set(LogConfiguration configuration) {
    current = configuration;
  }

  static LogConfiguration current() {
    return current;
  }

  /** Returns the source of a logger's lines, by the logger's name. */
  static Source sourceOf(String logger) {
    if (logger.startsWith(OWN)) {
      String ownPackage = logger.substring(0, logger.lastIndexOf('.'));
      return PACKAGES_OF_REQUESTS.contains(ownPackage) ? Source.REQUESTS : Source.GATEWAY;
    }
    return OF_CLIENTS.contains(logger) ? Source.LIBRARIES_OF_CLIENTS : Source.LIBRARIES;
  }

  /**
   * Returns whether to log at a level. Must be fast: Jetty calls this dozens of times per request.
   */
  boolean logs(Source source, Level asked) {
    int least =
        switch (source) {
          case GATEWAY, REQUESTS -> lowest;
          case LIBRARIES -> lowestOfLibraries;
          case LIBRARIES_OF_CLIENTS ->
              lowest > Level.DEBUG.toInt() ? Level.ERROR.toInt() : lowestOfLibraries;
        };
    return asked.toInt() >= least;
  }

  /** Returns whether to log a message. */
  boolean logs(Source source, Level level, String message) {
    boolean isOfClients = source == Source.LIBRARIES && CONNECTION_FAILED.equals(message);
    return logs(isOfClients ? Source.LIBRARIES_OF_CLIENTS : source, level);
  }

  /** Returns a level that omits a library's info, which operators do not need, and its debug. */
  private static Level levelOfLibraries(Level level) {
    return switch (level) {
      case TRACE, DEBUG -> Level.INFO;
      case INFO, WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  /**
   * Writes a line, unless its source had too many lines.
   *
   * @param line receives the number of lines that were omitted since the last line
   */
  void limit(Source source, LongConsumer line) {
    switch (source) {
      case GATEWAY -> line.accept(0);
      case REQUESTS -> requests.write(line);
      case LIBRARIES, LIBRARIES_OF_CLIENTS -> libraries.write(line);
    }
  }

  void write(LogLine line) {
    // A PrintStream writes a string at once, so that lines of two threads do not mix.
    out.print(format.format(line));
    out.flush();
  }
}
