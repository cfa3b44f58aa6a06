package dev.pushgateway.jetty;

import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.gateway.BuildInformation;
import dev.pushgateway.gateway.Environment;
import dev.pushgateway.gateway.GatewayListener;
import dev.pushgateway.gateway.Host;
import dev.pushgateway.gateway.Settings;
import dev.pushgateway.gateway.SettingsException;
import dev.pushgateway.logging.LogConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the gateway from a command line, and ends it regularly.
 *
 * <p>Exit codes: 0 after a signal, a request to quit, help or version. 1 after any other end, and
 * if accepted pushes may be lost.
 */
public final class Main implements Host {
  private static final int FAILURE = 1;

  /** Time limit for the first log line of the end. */
  private static final Duration LOG_LIMIT = Duration.ofSeconds(1);

  /**
   * Time limit for the rest of the end if that line hangs; together below the 30 s of Kubernetes.
   */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(27);

  private final AtomicBoolean ending = new AtomicBoolean();
  private volatile int exitCode;

  /** Set if the first log line of the end could not be written in time. */
  private volatile boolean logHangs;

  /** Empty until there is a server to stop. */
  private volatile Optional<GatewayServer> server = Optional.empty();

  /** The action for SIGHUP: none during the start, which reads the web config file anyway. */
  private volatile Runnable hangUp = () -> {};

  private Main() {}

  public static void main(String[] arguments) {
    StartProperties.set();
    Thread.setDefaultUncaughtExceptionHandler(Main::logUncaught);
    Main main = new Main();
    // First: without a handler, a signal ends the JVM with 129 or 143.
    HangUp.handle(() -> main.hangUp.run());
    Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "shutdown"));
    main.act(List.of(arguments));
  }

  /**
   * Logs an uncaught exception with the limit for lines of libraries, because it may happen often.
   */
  private static void logUncaught(Thread thread, Throwable failure) {
    LoggerFactory.getLogger(Thread.class).error("thread {} failed", thread.getName(), failure);
  }

  private void act(List<String> arguments) {
    try {
      CommandLine commandLine = CommandLine.parse(arguments);
      switch (commandLine.action()) {
        case HELP -> print(Help.text());
        case HELP_LONG -> print(Help.longText());
        case VERSION -> print(Help.version(BuildInformation.load()));
        case RUN -> run(Settings.of(commandLine.or(Environment.ofProcess())));
      }
    } catch (SettingsException e) {
      fail(e.getMessage() + ", try --help");
    } catch (IOException e) {
      fail(e.getMessage());
    } catch (RuntimeException | Error e) {
      ending.set(true); // Otherwise the shutdown hook would log a signal.
      exitCode = FAILURE;
      throw e;
    }
  }

  private void print(String text) {
    ending.set(true);
    System.out.print(text);
  }

  private void fail(String reason) {
    if (ending.compareAndSet(false, true)) { // Otherwise a signal has made the start fail.
      exitCode = FAILURE;
      System.err.println("pushgateway: error: " + reason.replaceAll("\\p{Cntrl}+", " "));
      System.exit(FAILURE);
    }
  }

  private void run(Settings settings) throws SettingsException, IOException {
    LogConfiguration.set(settings.logLevel(), settings.logFormat());
    ServerConfig config = ServerConfig.of(settings);
    hangUp = () -> readAgain(config.file());
    GatewayServer starting = new GatewayServer(settings, config, this);
    starting.listen(settings);
    GatewayListener.check(settings);
    BuildInformation build = BuildInformation.load();
    String version =
        "(version=%s, branch=%s, revision=%s)"
            .formatted(build.version(), build.branch(), build.revision());
    log().atInfo().addKeyValue("version", version).log("starting pushgateway");
    server = Optional.of(starting);
    try {
      starting.start();
    } catch (Exception e) {
      fail(e.getMessage() == null ? e.toString() : e.getMessage());
      return;
    }
    HeapOptions.setLater();
    for (String address : starting.addresses()) {
      log()
          .atInfo()
          .addKeyValue("address", address)
          .addKeyValue("prefix", settings.routePrefix() + "/")
          .log("Listening on");
      log()
          .atInfo()
          .addKeyValue("http2", config.http2())
          .addKeyValue("address", address)
          .log(config.tls().isPresent() ? "TLS is enabled." : "TLS is disabled.");
    }
  }

  private static void readAgain(Optional<WebConfigFile> file) {
    file.ifPresentOrElse(
        WebConfigFile::reload,
        () -> log().info("received SIGHUP; there is no --web.config.file to read again"));
  }

  /**
   * Stops everything in the shutdown hook. Ends the JVM here, because after a signal its own exit
   * code would be 143.
   */
  private void stop() {
    if (ending.compareAndSet(false, true)) {
      say(() -> log().info("received a signal to end; exiting gracefully..."));
    }
    Runnable end = () -> server.ifPresent(Main::stop);
    if (logHangs) {
      doWithin(STOP_LIMIT, end);
    } else {
      end.run();
    }
    Runtime.getRuntime().halt(exitCode);
  }

  /** Writes the first log line of the end. */
  private void say(Runnable line) {
    logHangs = !doWithin(LOG_LIMIT, line);
  }

  /**
   * Runs an action on another thread and waits at most {@code limit}. If no process reads the log,
   * writing a line blocks for ever.
   *
   * @return whether the action ended in time
   */
  private static boolean doWithin(Duration limit, Runnable act) {
    Thread thread = new Thread(act, "shutdown-within-limit");
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(limit.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private static void stop(GatewayServer server) {
    try {
      server.stop();
      log().info("HTTP server stopped");
    } catch (Exception e) {
      log().error("problem stopping", e);
    }
  }

  @Override
  public void quit() {
    endSoon(
        0, () -> log().warn("received termination request via web service, exiting gracefully..."));
  }

  @Override
  public void failed(String reason) {
    endSoon(FAILURE, () -> log().error(reason));
  }

  @Override
  public void endedBadly(String reason) {
    exitCode = FAILURE;
    log().error("pushes may be lost: {}", reason);
  }

  /**
   * Ends the process from a new thread, because exiting waits for requests, and a request may have
   * asked for it.
   */
  private void endSoon(int code, Runnable line) {
    if (ending.compareAndSet(false, true)) {
      say(line);
      exitCode = code;
      new Thread(() -> System.exit(code), "exit").start();
    }
  }

  /** Returns the logger. It must not be loaded before the log is configured. */
  private static Logger log() {
    return LoggerFactory.getLogger(Main.class);
  }
}
