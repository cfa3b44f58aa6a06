package dev.pushgateway.jetty;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shipped jar as a process. */
public final class ServerProcess implements AutoCloseable {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final String JAR = System.getProperty("pushgateway.jar");
  private static final long PATIENCE_SECONDS = 180;
  private static final int READY_ATTEMPTS = 10_000;
  private static final Pattern ADDRESS =
      Pattern.compile("Listening on.*address\"?[=:]\"?([0-9.]+:[0-9]+)");

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> log = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Thread reader;
  private URI uri = URI.create("http://127.0.0.1/");

  /** Options for a process that starts fast and lives short. */
  private static final class Quick {
    static final List<String> OPTIONS =
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:SharedArchiveFile=" + archive());

    /** An archive of the classes of the jar, which halves what a start takes; made once. */
    private static Path archive() {
      Path archive = Path.of(JAR).resolveSibling("pushgateway-test.jsa");
      List<String> command =
          List.of(
              JAVA,
              "-XX:+UseSerialGC",
              "-Xlog:disable",
              "-XX:ArchiveClassesAtExit=" + archive,
              "-cp",
              JAR,
              "dev.pushgateway.launcher.Training");
      try {
        Files.deleteIfExists(archive);
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0 || !Files.exists(archive)) {
          throw new AssertionError("no archive of classes, exit code " + code);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return archive;
    }
  }

  /** Starts the jar with these flags and nothing else. */
  ServerProcess(String... flags) throws IOException {
    this(List.of(), flags);
  }

  /** Starts it by another command, which is to become it. */
  ServerProcess(List<String> starter, String... flags) throws IOException {
    this(Path.of(""), starter, Quick.OPTIONS, flags);
  }

  private ServerProcess(Path folder, List<String> starter, List<String> jvmOptions, String... flags)
      throws IOException {
    List<String> command = new ArrayList<>(starter);
    command.add(JAVA);
    command.addAll(jvmOptions);
    command.add("-jar");
    command.add(JAR);
    command.addAll(List.of(flags));
    process =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    reader = new Thread(this::readLog, "log of the gateway");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts the jar on a free port of the loopback interface, and waits until it is ready. */
  static ServerProcess listening(String... flags) throws Exception {
    return listening(Quick.OPTIONS, flags);
  }

  /** As the other, with options of the JVM. */
  public static ServerProcess listening(List<String> jvmOptions, String... flags) throws Exception {
    return listening(Path.of(""), jvmOptions, flags);
  }

  private static ServerProcess listening(Path folder, List<String> jvmOptions, String... flags)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--web.listen-address=127.0.0.1:0");
    ServerProcess server =
        new ServerProcess(folder, List.of(), jvmOptions, all.toArray(String[]::new));
    server.uri = URI.create("http://" + server.awaitAddress() + "/");
    return server;
  }

  /** Starts the jar in a folder, to which paths in flags are relative. */
  public static ServerProcess in(Path folder, String... flags) throws Exception {
    return listening(folder, Quick.OPTIONS, flags);
  }

  private void readLog() {
    try (BufferedReader in = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("the log broke off: " + e);
    }
  }

  /** The next address that the log says it listens on. */
  String awaitAddress() throws InterruptedException {
    Matcher matcher = ADDRESS.matcher(awaitLine(line -> ADDRESS.matcher(line).find()));
    matcher.find();
    return matcher.group(1);
  }

  /** The next line of this kind. */
  String awaitLine(Predicate<String> wanted) throws InterruptedException {
    for (; ; ) {
      String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("the line did not come, but these: " + log);
      }
      log.add(line);
      if (wanted.test(line)) {
        return line;
      }
    }
  }

  public URI uri(String path) {
    return uri.resolve(path);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Of a process that has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Waits until pushes are taken. */
  void awaitReady() throws Exception {
    for (int attempt = 0; attempt < READY_ATTEMPTS; attempt++) {
      if (send("GET", "/-/ready", "").statusCode() == 200) {
        return;
      }
    }
    throw new AssertionError("never ready; its log: " + log());
  }

  public String address() {
    return uri.getAuthority();
  }

  HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.ofString(body));
    return client.send(request.build(), BodyHandlers.ofString());
  }

  String scrape() throws Exception {
    return send("GET", "/metrics", "").body();
  }

  /** Asks it to end: SIGTERM. */
  void terminate() {
    process.toHandle().destroy(); // Process.destroy would close its log, too.
  }

  /** Whether it is still there after a while. */
  boolean runsOnFor(Duration time) throws InterruptedException {
    return !process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running; its log: " + log());
    }
    return process.exitValue();
  }

  /** All lines so far; all there will be, if it has ended. */
  public List<String> log() throws InterruptedException {
    if (!process.isAlive()) {
      reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    }
    lines.drainTo(log);
    return log;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
