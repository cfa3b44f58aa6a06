package dev.pushgateway.browser;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium with a profile of its own, which goes when it is closed. */
public final class Chromium implements AutoCloseable {
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int POLL_MILLIS = 20;

  private final Path profile;
  private final Process process;
  private final DevTools devTools;

  private Chromium(Path program) throws Exception {
    profile = Files.createTempDirectory("chromium");
    Path log = profile.resolve("chromium.log");
    process =
        new ProcessBuilder(command(program))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    devTools = DevTools.connect(address(log));
  }

  /**
   * Starts a browser; leaves the test out if there is none, unless this is the build server.
   *
   * @throws IllegalStateException if there must be one, since {@code CI} is {@code true}
   */
  public static Chromium start() throws Exception {
    Optional<Path> program = PLACES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    if (program.isEmpty()) {
      String why = "no Chromium at " + PLACES + ": the tests of the page are left out";
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(why + ", which must not happen where CI=true");
      }
      System.out.println(why);
      abort(why);
    }
    return new Chromium(program.get());
  }

  private List<String> command(Path program) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--hide-scrollbars",
            "--lang=en-US",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile,
            "about:blank"));
    return command;
  }

  /** Chromium writes the file with the address when it is ready to be talked to. */
  private String address(Path log) throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    long deadline = System.nanoTime() + START_NANOS;
    while (System.nanoTime() < deadline && process.isAlive()) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() >= 2) {
        return "ws://127.0.0.1:" + lines.get(0) + lines.get(1);
      }
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly();
    throw new IllegalStateException("Chromium did not start: " + Files.readString(log));
  }

  /** A new window without cookies, cache or memory of the others. */
  public BrowserPage newPage() {
    return BrowserPage.open(devTools);
  }

  @Override
  public void close() {
    devTools.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(120, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deleteProfile();
  }

  private void deleteProfile() {
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A child of the browser wrote at the last moment; the directory is a temporary one anyway.
      profile.toFile().deleteOnExit();
    }
  }
}
