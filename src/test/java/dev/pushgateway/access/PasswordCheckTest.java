package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.Authentication.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts comparisons where a clock would only guess. Here, what is hashed stands in the hash. */
class PasswordCheckTest {
  private static final Map<String, String> USERS =
      Map.of("alice", "$2y$10$secret", "bob", "$2b$10$geheim");

  private final List<String> compared = new ArrayList<>();

  private final PasswordCheck check =
      new PasswordCheck(
          (password, hash) -> {
            compared.add(hash);
            return hash.substring(7).equals(new String(password, StandardCharsets.UTF_8));
          });

  private Outcome verdict(String name, String password) {
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return check.check(name, credentials, name.length() + 1, USERS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice:secret", "alice:wrong", "nobody:secret", "nobody:"})
  void comparesOnceThenRemembers(String credentials) {
    String[] parts = credentials.split(":", 2);
    Outcome first = verdict(parts[0], parts[1]);
    assertEquals(first, verdict(parts[0], parts[1]));
    assertEquals(1, compared.size());
  }

  /** Whoever measures the time learns neither who is a user nor whose hash costs how much. */
  @ParameterizedTest
  @CsvSource({
    "nobody, wrong, 4096",
    "nobody, secret, 4096",
    "cheap, wrong, 4096",
    "middle, wrong, 4096",
    "dear, wrong, 4096",
    "cheap, secret, 16",
    "middle, secret, 2048",
    "dear, secret, 4096"
  })
  void eachWrongAnswerCostsWhatTheCostliestHashDoes(String name, String password, int rounds) {
    Map<String, String> users =
        Map.of("cheap", "$2y$04$secret", "middle", "$2y$11$secret", "dear", "$2y$12$secret");
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    Outcome verdict = check.check(name, credentials, name.length() + 1, users);
    boolean isRight = password.equals("secret") && users.containsKey(name);
    assertEquals(isRight ? Outcome.KNOWN : Outcome.WRONG, verdict);
    assertEquals(rounds, compared.stream().mapToInt(PasswordCheckTest::rounds).sum());
  }

  private static int rounds(String hash) {
    return 1 << Integer.parseInt(hash.substring(4, 6));
  }

  @Test
  void wrongPasswordsPushOutNoRightOnes() {
    verdict("alice", "secret");
    for (int i = 0; i <= PasswordCheck.MAX_REMEMBERED; i++) {
      verdict("alice", "wrong" + i);
    }
    int before = compared.size();
    assertEquals(Outcome.KNOWN, verdict("alice", "secret"));
    assertEquals(before, compared.size(), "compared again");
    assertEquals(Outcome.WRONG, verdict("alice", "wrong0"));
    assertEquals(before + 1, compared.size(), "remembered more than it may");
  }

  /** A flood waits within bounds, and the rest of it is sent away. */
  @Test
  void floodIsSentAway() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Semaphore running = new Semaphore(0);
    PasswordCheck slow =
        new PasswordCheck(
            (password, hash) -> {
              running.release();
              awaitUninterruptibly(end);
              return false;
            });
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
      List<CompletableFuture<Outcome>> answers = new ArrayList<>();
      for (int i = 0; i < atOnce + PasswordCheck.MAX_WAITING + 1; i++) {
        byte[] credentials = {(byte) i, ':'};
        answers.add(
            CompletableFuture.supplyAsync(() -> slow.check("alice", credentials, 1, USERS), pool));
      }
      CompletableFuture<?>[] all = answers.toArray(CompletableFuture<?>[]::new);
      assertEquals(Outcome.BUSY, CompletableFuture.anyOf(all).get(30, TimeUnit.SECONDS));
      assertTrue(running.availablePermits() <= atOnce, "more at once than half of the processors");
    } finally {
      end.countDown();
      pool.shutdownNow();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
