package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shipped jar, killed in the middle of its work over and over: each push and each deletion that
 * was acknowledged is there after the next start.
 */
final class CrashIT {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 50);
  private static final int CLIENTS = 4;
  private static final int MAX_CHANGES_PER_ROUND = 400;
  private static final int READY_ATTEMPTS = 10_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"5m", "0s"})
  void acknowledgedChangesSurviveBeingKilled(String interval) throws Exception {
    Random random = new Random(interval.hashCode());
    String file = "--persistence.file=" + folder.resolve("pushgateway.log");
    List<Client> clients = new ArrayList<>();
    for (int number = 0; number < CLIENTS; number++) {
      clients.add(new Client("client" + number));
    }
    int changes = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      try (ServerProcess server =
          ServerProcess.listening(file, "--persistence.interval=" + interval)) {
        awaitReady(server);
        String scrape = server.scrape();
        for (Client client : clients) {
          client.check(scrape, "interval " + interval + ", round " + round);
        }
        assertTrue(scrape.contains("\npushgateway_persistence_dropped_records 0"), "a damage");
        changes += changeAndKill(server, clients, random.nextInt(MAX_CHANGES_PER_ROUND));
      }
    }
    assertTrue(changes > ROUNDS * CLIENTS, "only " + changes + " changes in all");
  }

  private static void awaitReady(ServerProcess server) throws Exception {
    for (int attempt = 0; attempt < READY_ATTEMPTS; attempt++) {
      if (server.send("GET", "/-/ready", "").statusCode() == 200) {
        return;
      }
    }
    throw new AssertionError("never ready; its log: " + server.log());
  }

  /**
   * Lets clients work until there have been so many changes, and kills the server at that moment.
   */
  private static int changeAndKill(ServerProcess server, List<Client> clients, int count)
      throws InterruptedException {
    AtomicInteger changes = new AtomicInteger();
    CountDownLatch enough = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (Client client : clients) {
      Thread thread = new Thread(() -> client.work(server, changes, count, enough));
      thread.start();
      threads.add(thread);
    }
    assertTrue(enough.await(60, TimeUnit.SECONDS), "the server does not answer");
    server.close(); // SIGKILL, while all clients have a request under way.
    for (Thread thread : threads) {
      thread.join();
    }
    return changes.get();
  }

  /** Pushes growing numbers to a group of its own, and deletes it at times, one after the other. */
  private static final class Client {
    private static final int ABSENT = 0;

    private final String job;
    private int number;
    private int acknowledged = ABSENT;
    private int tried = ABSENT;

    /** The last answer that was neither, for the message. */
    private String unexpected = "";

    Client(String job) {
      this.job = job;
    }

    void work(ServerProcess server, AtomicInteger changes, int count, CountDownLatch enough) {
      try {
        while (change(server)) {
          if (changes.incrementAndGet() > count) {
            enough.countDown();
          }
        }
      } catch (IOException killed) {
        // What the last change came to is not known.
      } catch (Exception e) {
        unexpected = e.toString();
      }
    }

    private boolean change(ServerProcess server) throws Exception {
      number++;
      boolean delete = number % 7 == 0;
      tried = delete ? ABSENT : number;
      String path = "/metrics/job/" + job;
      int expected = delete ? 202 : 200;
      int status =
          server
              .send(delete ? "DELETE" : number % 2 == 0 ? "PUT" : "POST", path, body(delete))
              .statusCode();
      if (status != expected) {
        unexpected = "status " + status;
        return false;
      }
      acknowledged = tried;
      return true;
    }

    private String body(boolean delete) {
      return delete ? "" : "# TYPE number gauge\nnumber " + number + "\n";
    }

    /** Checks that the scrape shows what was acknowledged last, or what was under way. */
    void check(String scrape, String when) {
      assertEquals("", unexpected, when);
      String series = "number{instance=\"\",job=\"" + job + "\"} ";
      Matcher matcher = Pattern.compile("\n" + Pattern.quote(series) + "(\\d+)").matcher(scrape);
      int found = matcher.find() ? Integer.parseInt(matcher.group(1)) : ABSENT;
      assertTrue(
          found == acknowledged || found == tried,
          when + ": " + job + " has " + found + ", not " + acknowledged + " or " + tried);
      acknowledged = found;
      tried = found;
    }
  }
}
