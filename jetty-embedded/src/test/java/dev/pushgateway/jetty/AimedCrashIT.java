package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The shipped jar, killed when it hurts most: while it compacts, imports, mends a damaged file, or
 * reads one. {@link CrashIT} kills it at any time.
 */
final class AimedCrashIT {
  private static final int ROUNDS = Math.max(3, Integer.getInteger("crash.rounds", 50) / 15);
  private static final int CLIENTS = 3;

  /** Live content of 20 MB makes a compaction last long enough to be hit. */
  private static final int BALLAST_GROUPS = 20;

  private static final int BALLAST_LABELS = 16;
  private static final String BALLAST = ballast();

  @TempDir Path folder;
  private final Random random = new Random(4711);

  /** About a megabyte. */
  private static String ballast() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < BALLAST_LABELS; i++) {
      body.append("ballast{number=\"").append(i).append("\",text=\"");
      body.append("x".repeat(60_000)).append("\"} 1\n");
    }
    return body.toString();
  }

  private Path file() {
    return folder.resolve("metrics");
  }

  private Path rewritten() {
    return folder.resolve("metrics.rewrite");
  }

  private String flag() {
    return "--persistence.file=" + file();
  }

  @Test
  void acknowledgedChangesSurviveBeingKilledInACompaction() throws Exception {
    List<CrashClient> clients = new ArrayList<>();
    for (int number = 0; number < CLIENTS; number++) {
      clients.add(new CrashClient("client" + number, BALLAST));
    }
    int hits = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      try (ServerProcess server = ServerProcess.listening(flag())) {
        server.awaitReady();
        if (round == 0) {
          for (int group = 0; group < BALLAST_GROUPS; group++) {
            server.send("PUT", "/metrics/job/ballast" + group, BALLAST);
          }
        }
        String scrape = server.scrape();
        for (CrashClient client : clients) {
          client.check(scrape, "round " + round);
        }
        assertEquals(
            BALLAST_GROUPS, count(scrape, "push_time_seconds{instance=\"\",job=\"ballast"));
        assertTrue(scrape.contains("\npushgateway_persistence_dropped_records 0"), "a damage");
        workUntilCompaction(server, clients);
        hits += Files.exists(rewritten()) ? 1 : 0;
      }
    }
    assertTrue(hits > 0, "no compaction was hit");
  }

  private static long count(String scrape, String start) {
    return scrape.lines().filter(line -> line.startsWith(start)).count();
  }

  private void workUntilCompaction(ServerProcess server, List<CrashClient> clients)
      throws Exception {
    AtomicInteger changes = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (CrashClient client : clients) {
      CountDownLatch unused = new CountDownLatch(1);
      threads.add(new Thread(() -> client.work(server, changes, Integer.MAX_VALUE, unused)));
    }
    threads.forEach(Thread::start);
    awaitRewrite(server, threads);
    server.runsOnFor(Duration.ofMillis(random.nextInt(60)));
    server.close(); // SIGKILL
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void awaitRewrite(ServerProcess server, List<Thread> clients) {
    while (!Files.exists(rewritten())) {
      assertTrue(server.isRunning(), "the server died");
      assertTrue(clients.stream().anyMatch(Thread::isAlive), "the clients have stopped");
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @CsvSource({"go, .go-backup", "damaged, .damaged-"})
  void startThatHasToWriteTheFileAnewSurvivesBeingKilled(String kind, String suffix)
      throws Exception {
    byte[] original = content(kind);
    Files.write(file(), original);
    List<String> expected;
    try (ServerProcess server = ServerProcess.listening(flag())) {
      server.awaitReady();
      expected = pushed(server.scrape());
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Path left : files()) {
        Files.delete(left);
      }
      Files.write(file(), original);
      killWhileItStarts();
      try (ServerProcess server = ServerProcess.listening(flag())) {
        server.awaitReady();
        assertEquals(expected, pushed(server.scrape()), kind + ", round " + round);
      }
      List<Path> kept =
          files().stream()
              .filter(path -> path.getFileName().toString().startsWith("metrics" + suffix))
              .toList();
      assertTrue(!kept.isEmpty(), kind + ", round " + round + ": nothing was kept");
      assertArrayEquals(original, Files.readAllBytes(kept.get(0)));
    }
  }

  /** Sometimes when the new file is there, sometimes at any time. */
  private void killWhileItStarts() throws Exception {
    try (ServerProcess server = new ServerProcess("--web.listen-address=127.0.0.1:0", flag())) {
      server.awaitLine(line -> line.contains("starting pushgateway"));
      if (random.nextInt(3) == 0) {
        server.runsOnFor(Duration.ofMillis(random.nextInt(300)));
        return;
      }
      long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
      while (!Files.exists(rewritten()) && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static List<String> pushed(String scrape) {
    return scrape.lines().filter(line -> line.contains("job=\"")).collect(Collectors.toList());
  }

  private byte[] content(String kind) throws Exception {
    if (kind.equals("damaged")) {
      return damaged();
    }
    try (InputStream in = AimedCrashIT.class.getResourceAsStream("/gob/pushes.gob")) {
      return in.readAllBytes();
    }
  }

  /** A file of which a byte in the middle was flipped. */
  private byte[] damaged() throws Exception {
    try (ServerProcess server = ServerProcess.listening(flag())) {
      server.awaitReady();
      for (int group = 0; group < 10; group++) {
        server.send("PUT", "/metrics/job/group" + group, "value " + group + "\n");
      }
    }
    byte[] bytes = Files.readAllBytes(file());
    bytes[bytes.length / 2] ^= 1;
    return bytes;
  }

  @Test
  void startThatIsKilledAgainAndAgainLosesNothing() throws Exception {
    try (ServerProcess server = ServerProcess.listening(flag())) {
      server.awaitReady();
      for (int group = 0; group < BALLAST_GROUPS; group++) {
        assertEquals(200, server.send("PUT", "/metrics/job/ballast" + group, BALLAST).statusCode());
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerProcess server = new ServerProcess("--web.listen-address=127.0.0.1:0", flag())) {
        server.awaitLine(line -> line.contains("starting pushgateway"));
        server.runsOnFor(Duration.ofMillis(random.nextInt(200)));
      }
    }
    try (ServerProcess server = ServerProcess.listening(flag())) {
      server.awaitReady();
      assertEquals(BALLAST_GROUPS * BALLAST_LABELS, count(server.scrape(), "ballast{"));
    }
    assertEquals(2, files().size(), "left over: " + files());
  }
}
