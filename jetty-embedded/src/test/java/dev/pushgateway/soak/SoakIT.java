package dev.pushgateway.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.jetty.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Rounds of an attack on the shipped jar with a heap of 256 MB, each followed by calm. Good clients
 * must be served all the time, each push and each scrape at the first attempt; no thread may ever
 * meet an {@code OutOfMemoryError}, and after each round the gateway must take no more than after
 * the first.
 *
 * <p>{@code -Dsoak.seconds=600} for longer; a report is in {@code target/soak.txt}.
 */
@Isolated("each client of it expects to be served in time")
final class SoakIT {
  private static final int SECONDS = Integer.getInteger("soak.seconds", 30);
  private static final int ROUND_SECONDS = Math.max(15, SECONDS / 10);
  private static final int CALM_MILLIS = 3_000;
  private static final int GOOD_CLIENTS = 4;
  private static final int CONNECTIONS = 10_000;

  /** Before JDK 21, G1 moves no large arrays, and finds no room for one in so small a heap. */
  private static final String COLLECTOR =
      Runtime.version().feature() < 21 ? "-XX:+UseSerialGC" : "-XX:+UseG1GC";

  private static final long HEAP_TOLERANCE = 12 << 20;

  /** The 500 of the pool, which keeps them for a minute, and those of the JVM. */
  private static final long MAX_THREADS = 560;

  private static final long FILE_TOLERANCE = 100;

  private final List<String> report = new ArrayList<>();
  private final GoodClients good = new GoodClients();

  @Test
  void survives() throws Exception {
    List<Footprint> footprints = new ArrayList<>();
    List<String> errors;
    try (ServerProcess server =
        ServerProcess.listening(List.of("-Xmx256m", COLLECTOR, "-XX:+ExitOnOutOfMemoryError"))) {
      try {
        soak(server, footprints);
      } finally {
        errors = new ArrayList<>(server.log());
        errors.removeIf(line -> line.contains("level=info") || line.contains("level=warn"));
        note("pushes of good clients: " + good.pushes);
        note("scrapes of a good client: " + good.scrapes);
        note("errors logged: " + errors);
        note(
            server.isRunning()
                ? "still running"
                : "ended with " + server.exitCode() + ", which is 3 when memory ran out");
        write();
      }
    }
    assertEquals(List.of(), errors, "nothing was an error to be logged");
    assertEquals(Map.of(), good.pushes.failures());
    assertEquals(Map.of(), good.scrapes.failures());
    assertTrue(good.scrapes.count() > 0, "no scrape was served");
    assertFlat(footprints.get(0), footprints.get(footprints.size() - 1));
  }

  private void soak(ServerProcess server, List<Footprint> footprints) throws Exception {
    HostileClients hostile = new HostileClients(CONNECTIONS);
    for (int i = 0; i < Math.max(2, SECONDS / ROUND_SECONDS); i++) {
      round(server, hostile);
      footprints.add(calm(server, hostile));
      note("after round " + (i + 1) + ": " + footprints.get(i));
    }
    note("answers to hostile clients by status:\n" + hostile.report());
  }

  private void round(ServerProcess server, HostileClients hostile) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROUND_SECONDS);
    Target target = new Target("127.0.0.2", server.uri("/").getPort(), end);
    Target hostileTarget = new Target(Target.ANY, server.uri("/").getPort(), end);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < GOOD_CLIENTS; i++) {
      int client = i;
      threads.add(start("good " + i, () -> good.push(target, client)));
    }
    threads.add(start("prometheus", () -> good.scrape(target)));
    for (Map.Entry<String, HostileClients.Attack> attack : hostile.attacks().entrySet()) {
      threads.add(start(attack.getKey(), () -> run(attack.getValue(), hostileTarget)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static Thread start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Whatever happens to a hostile client, it tries again. */
  private static void run(HostileClients.Attack attack, Target target) {
    while (!target.isOver()) {
      try {
        attack.run(target);
      } catch (IOException e) {
        Target.pause(10);
      }
    }
  }

  private static Footprint calm(ServerProcess server, HostileClients hostile) throws IOException {
    Target.pause(CALM_MILLIS);
    hostile.deleteFillings(new Target(Target.ANY, server.uri("/").getPort(), Long.MAX_VALUE));
    return Footprint.of(server.pid());
  }

  private static void assertFlat(Footprint first, Footprint last) {
    String both = first + ", and in the end " + last;
    assertTrue(last.heapBytes() < first.heapBytes() + HEAP_TOLERANCE, both);
    assertTrue(last.threads() < MAX_THREADS, both);
    assertTrue(last.files() < first.files() + FILE_TOLERANCE, both);
  }

  private void note(String line) {
    report.add(line);
    System.out.println(line);
  }

  private void write() throws IOException {
    Files.writeString(Path.of("target", "soak.txt"), String.join("\n", report));
  }
}
