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
 * Starts the gateway from a command line, and ends it in order.
 *
 * <p>Exit codes: 0 after a signal, a request to quit, help or version; 1 after anything else, and
 * if the end could not keep what was pushed.
 */
public final class Main implements Host {
  private static final int FAILURE = 1;

  /** How long the first line of the end may take. */
  private static final Duration LOG_LIMIT = Duration.ofSeconds(1);

  /** How long the end may take if that took longer; in all, under the 30 s of Kubernetes. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(27);

  private final AtomicBoolean ending = new AtomicBoolean();
  private volatile int exitCode;

  /** Whether the line that tells why this ends could not be written. */
  private volatile boolean logHangs;

  /** Empty until there is something to stop. */
  private volatile Optional<GatewayServer> server = Optional.empty();

  /** What SIGHUP does. Nothing during the start, which reads the web config file anyway. */
  private volatile Runnable hangUp = () -> {};

  private Main() {}

  public static void main(String[] arguments) {
    StartProperties.set();
    Thread.setDefaultUncaughtExceptionHandler(Main::logUncaught);
    Main main = new Main();
    // First of all, since until then a signal ends the JVM with 129 or 143.
    HangUp.handle(() -> main.hangUp.run());
    Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "shutdown"));
    main.act(List.of(arguments));
  }

  /** Under the limit of libraries' lines: nothing tells how often this happens. */
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
      ending.set(true); // Else the shutdown hook would take it for a signal.
      exitCode = FAILURE;
      throw e;
    }
  }

  private void print(String text) {
    ending.set(true);
    System.out.print(text);
  }

  private void fail(String reason) {
    if (ending.compareAndSet(false, true)) { // Else it is a signal that has made the start fail.
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
   * The last that happens, in the shutdown hook: after a signal the JVM would end with 143, so that
   * it is ended here.
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

  /** Writes the first line of the end, which need not be the last that is written. */
  private void say(Runnable line) {
    logHangs = !doWithin(LOG_LIMIT, line);
  }

  /**
   * Waits no longer than that: where nobody reads the log, a line is never written, and whoever
   * writes one waits for ever.
   *
   * @return whether it was done
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
    log().error("what was pushed may be lost: {}", reason);
  }

  /** On a thread of its own, because exiting waits for requests, and one may have asked for it. */
  private void endSoon(int code, Runnable line) {
    if (ending.compareAndSet(false, true)) {
      say(line);
      exitCode = code;
      new Thread(() -> System.exit(code), "exit").start();
    }
  }

  /** The logger, not asked for before the log is configured. */
  private static Logger log() {
    return LoggerFactory.getLogger(Main.class);
  }
}
