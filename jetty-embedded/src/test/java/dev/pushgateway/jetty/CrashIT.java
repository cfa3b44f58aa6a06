package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shipped jar, killed in the middle of its work over and over: each push and each deletion that
 * was acknowledged is there after the next start.
 */
final class CrashIT {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 50);
  private static final int CLIENTS = 4;
  private static final int MAX_CHANGES_PER_ROUND = 150;

  @TempDir Path folder;

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"5m", "0s"})
  void acknowledgedChangesSurviveBeingKilled(String interval) throws Exception {
    Random random = new Random(interval.hashCode());
    String file = "--persistence.file=" + folder.resolve("pushgateway.log");
    List<CrashClient> clients = new ArrayList<>();
    for (int number = 0; number < CLIENTS; number++) {
      clients.add(new CrashClient("client" + number, ""));
    }
    int changes = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      try (ServerProcess server =
          ServerProcess.listening(file, "--persistence.interval=" + interval)) {
        server.awaitReady();
        String scrape = server.scrape();
        for (CrashClient client : clients) {
          client.check(scrape, "interval " + interval + ", round " + round);
        }
        assertTrue(scrape.contains("\npushgateway_persistence_dropped_records 0"), "a damage");
        changes += changeAndKill(server, clients, random.nextInt(MAX_CHANGES_PER_ROUND));
      }
    }
    assertTrue(changes > ROUNDS * CLIENTS, "only " + changes + " changes in all");
  }

  /**
   * Lets clients work until there have been so many changes, and kills the server at that moment.
   */
  private static int changeAndKill(ServerProcess server, List<CrashClient> clients, int count)
      throws InterruptedException {
    AtomicInteger changes = new AtomicInteger();
    CountDownLatch enough = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (CrashClient client : clients) {
      Thread thread = new Thread(() -> client.work(server, changes, count, enough));
      thread.start();
      threads.add(thread);
    }
    assertTrue(enough.await(120, TimeUnit.SECONDS), "the server does not answer");
    server.close(); // SIGKILL, while all clients have a request under way.
    for (Thread thread : threads) {
      thread.join();
    }
    return changes.get();
  }
}
