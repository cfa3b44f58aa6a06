package dev.pushgateway.logging;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.event.Level;

/**
 * What is logged, and how. To be set before the first line; logs info as logfmt until then.
 *
 * <p>Every line passes the limit of its {@link Source}. So whatever clients do, they can neither
 * fill a disk with lines nor hide those that an operator needs.
 */
public final class LogConfiguration {
  private static final String OWN = "dev.pushgateway.";

  /** The packages that log what a single request has caused. */
  private static final Set<String> PACKAGES_OF_REQUESTS = Set.of(OWN + "request", OWN + "http");

  /** Parts of Jetty that only warn of what a client has sent, which the client is told. */
  private static final Set<String> OF_CLIENTS =
      Set.of(
          "org.eclipse.jetty.util.HostPort",
          "org.eclipse.jetty.http.HttpParser",
          "org.eclipse.jetty.http2.server.internal.HTTP2ServerConnection");

  /**
   * What Jetty's servlets say of an exception without a stack: one of a connection, which a client
   * may cut whenever it likes, and which is cut when it reads too slowly.
   */
  private static final String CONNECTION_FAILED = "handleException {} {}";

  /** Whose line it is. */
  enum Source {
    /** Start, end, persistence, settings: few lines, of which none is ever omitted. */
    GATEWAY,
    /** What a request has caused, in the gateway's own words. */
    REQUESTS,
    LIBRARIES,
    /** A library about a client, at a level where nobody needs to know. */
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
   * Sets what is logged from now on.
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

  /** Whose a logger of that name is. */
  static Source sourceOf(String logger) {
    if (logger.startsWith(OWN)) {
      String ownPackage = logger.substring(0, logger.lastIndexOf('.'));
      return PACKAGES_OF_REQUESTS.contains(ownPackage) ? Source.REQUESTS : Source.GATEWAY;
    }
    return OF_CLIENTS.contains(logger) ? Source.LIBRARIES_OF_CLIENTS : Source.LIBRARIES;
  }

  /** Whether to log; Jetty asks dozens of times for each request. */
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

  /** Whether to log this. */
  boolean logs(Source source, Level level, String message) {
    boolean isOfClients = source == Source.LIBRARIES && CONNECTION_FAILED.equals(message);
    return logs(isOfClients ? Source.LIBRARIES_OF_CLIENTS : source, level);
  }

  /** One level quieter: a library's info is of no use to operators, its debug to nobody. */
  private static Level levelOfLibraries(Level level) {
    return switch (level) {
      case TRACE, DEBUG -> Level.INFO;
      case INFO, WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  /**
   * Has a line written, unless its source has had too many.
   *
   * @param line is given the number of lines that were omitted since the last line
   */
  void limit(Source source, LongConsumer line) {
    switch (source) {
      case GATEWAY -> line.accept(0);
      case REQUESTS -> requests.write(line);
      case LIBRARIES, LIBRARIES_OF_CLIENTS -> libraries.write(line);
    }
  }

  void write(LogLine line) {
    // A PrintStream writes a string at once, so that lines of two threads don't mix.
    out.print(format.format(line));
    out.flush();
  }
}
