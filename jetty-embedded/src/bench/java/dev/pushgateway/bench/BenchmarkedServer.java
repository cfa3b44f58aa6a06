package dev.pushgateway.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A gateway as a child process on a free loopback port, with what Linux tells of it. However this
 * program ends, Ctrl-C included, its children end before it.
 */
final class BenchmarkedServer implements AutoCloseable {
  private static final long READY_SECONDS = 120;
  private static final long STOP_SECONDS = 120;

  /** What {@code /proc} counts processor time in: {@code USER_HZ}, 100 on every Linux there is. */
  private static final long TICK_MILLIS = 10;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final int port;
  private final long startNanos;
  private final Path log;

  private BenchmarkedServer(Process process, int port, long startNanos, Path log) {
    this.process = process;
    this.port = port;
    this.startNanos = startNanos;
    this.log = log;
  }

  /**
   * Starts a gateway and waits until it is ready. Only what a request costs is measured with it,
   * not the Go gateway writing its whole file meanwhile: that it does when it ends.
   *
   * @param persistenceFile an empty string for none
   */
  static BenchmarkedServer start(Kind kind, GatewayCommands commands, String persistenceFile)
      throws IOException {
    return start(kind, commands, persistenceFile, "1h");
  }

  /** As the other, with a persistence interval in Go's syntax. */
  static BenchmarkedServer start(
      Kind kind, GatewayCommands commands, String persistenceFile, String interval)
      throws IOException {
    int port = freePort();
    List<String> command = new ArrayList<>(commands.command(kind));
    command.add("--web.listen-address=127.0.0.1:" + port);
    command.add("--web.enable-admin-api");
    command.add("--log.level=error");
    command.add("--persistence.file=" + persistenceFile);
    command.add("--persistence.interval=" + interval);
    if (kind == Kind.GO_UNCHECKED) {
      command.add("--push.disable-consistency-check");
    }
    Path log = Files.createTempFile("side-by-side-", ".log");
    log.toFile().deleteOnExit(); // Also after Ctrl-C.
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(new File("/dev/null"))
            .start();
    RUNNING.add(process);
    BenchmarkedServer gateway = new BenchmarkedServer(process, port, start, log);
    gateway.awaitReady(command);
    return gateway;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady(List<String> command) throws IOException {
    long deadline = startNanos + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (Connection connection = new Connection(port)) {
        if (connection.exchange(Requests.get("/-/ready", "")).status() == 200) {
          return;
        }
      } catch (IOException e) {
        // Not listening yet: that is what is waited for.
      }
      pause(2);
    }
    String output = Files.readString(log);
    close();
    throw new IOException("not ready: " + String.join(" ", command) + "\n" + output);
  }

  static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  int port() {
    return port;
  }

  /** When the process was started, on the clock of {@link System#nanoTime()}. */
  long startNanos() {
    return startNanos;
  }

  /** Processor time used so far, all threads, user and system. */
  double cpuMillis() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    // The command's name, in parentheses, may contain spaces; utime and stime are fields 14 and 15.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * (double) TICK_MILLIS;
  }

  /** Resident memory now. */
  double memoryMegabytes() throws IOException {
    return status("VmRSS:");
  }

  /** Lets {@link #peakMemoryMegabytes()} begin anew. */
  void forgetPeakMemory() throws IOException {
    Files.writeString(Path.of("/proc/" + process.pid() + "/clear_refs"), "5");
  }

  /** The most memory that was ever resident, or since that was forgotten. */
  double peakMemoryMegabytes() throws IOException {
    return status("VmHWM:");
  }

  private double status(String key) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
      }
    }
    throw new IOException("no " + key + " in /proc/" + process.pid() + "/status");
  }

  /** Ends the process in an orderly way, so that it writes its persistence file. */
  void stop() throws IOException {
    process.destroy();
    if (!waitFor(STOP_SECONDS)) {
      throw new IOException("still running " + STOP_SECONDS + " s after SIGTERM");
    }
  }

  private boolean waitFor(long seconds) throws IOException {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    waitFor(STOP_SECONDS);
    RUNNING.remove(process);
    Files.deleteIfExists(log);
  }
}
