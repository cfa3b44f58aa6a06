package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.Authentication.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One login at a time; those of others last until they are told to end. */
class LoginQueuesTest {
  private static final long TIMEOUT_SECONDS = 120;
  private static final int USUAL = 10;
  private static final int COSTLY = LoginQueues.MAX_USUAL_COST + 1;

  private final LoginQueues queues = new LoginQueues(1, Duration.ofDays(1));
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Semaphore running = new Semaphore(0);
  private final Semaphore answers = new Semaphore(0);

  @AfterEach
  void stop() {
    end.countDown();
    threads.shutdownNow();
  }

  private Outcome hang() {
    running.release();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Outcome.WRONG;
  }

  /** Lasts until there is an answer for it. */
  private Outcome awaitAnswer() {
    running.release();
    try {
      answers.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Outcome.WRONG;
  }

  private static Outcome first(List<CompletableFuture<Outcome>> logins) throws Exception {
    CompletableFuture<?>[] all = logins.toArray(CompletableFuture<?>[]::new);
    return (Outcome) CompletableFuture.anyOf(all).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private CompletableFuture<Outcome> start(Supplier<Outcome> login) {
    return CompletableFuture.supplyAsync(login, threads);
  }

  private void awaitRunning(int count) throws InterruptedException {
    assertTrue(running.tryAcquire(count, TIMEOUT_SECONDS, TimeUnit.SECONDS));
  }

  private static Outcome right() {
    return Outcome.KNOWN;
  }

  @Test
  void costlyLoginKeepsNobodyElseWaiting() throws Exception {
    start(() -> queues.forUser("patient", COSTLY, this::hang));
    awaitRunning(1);
    start(() -> queues.forUser("another", COSTLY, this::hang));
    start(() -> queues.forStranger(COSTLY, this::hang));
    assertEquals(Outcome.KNOWN, queues.forUser("alice", USUAL, LoginQueuesTest::right));
    assertEquals(0, running.availablePermits(), "two costly ones at a time");
  }

  @Test
  void floodOfStrangers_isBusyAndKeepsNoUserOut() throws Exception {
    assertAliceIsNext(() -> queues.forStranger(USUAL, this::awaitAnswer));
  }

  @Test
  void floodOfGuessesAtOneUser_keepsNoOtherUserOut() throws Exception {
    assertAliceIsNext(() -> queues.forUser("bob", USUAL, this::awaitAnswer));
  }

  private void assertAliceIsNext(Supplier<Outcome> guess) throws Exception {
    List<CompletableFuture<Outcome>> flood = new ArrayList<>();
    for (int i = 0; i <= LoginQueues.MAX_QUEUED; i++) {
      flood.add(start(guess));
    }
    assertEquals(Outcome.BUSY, first(flood));
    awaitRunning(1);
    Thread alice = new Thread(() -> queues.forUser("alice", USUAL, LoginQueuesTest::right));
    alice.start();
    while (alice.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    answers.release();
    alice.join(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
    assertFalse(alice.isAlive(), "alice waits for the flood");
  }

  @Test
  void floodOfGuessesAtManyUsers_isBusy() throws Exception {
    List<CompletableFuture<Outcome>> flood = new ArrayList<>();
    for (int i = 0; i <= LoginQueues.MAX_QUEUED_IN_ALL; i++) {
      String name = "user " + i;
      flood.add(start(() -> queues.forUser(name, USUAL, this::hang)));
    }
    assertEquals(Outcome.BUSY, first(flood));
  }

  @Test
  void loginThatWaitsTooLong_isBusy() throws Exception {
    LoginQueues impatient = new LoginQueues(1, Duration.ofMillis(1));
    start(() -> impatient.forUser("alice", USUAL, this::hang));
    awaitRunning(1);
    assertEquals(Outcome.BUSY, impatient.forUser("alice", USUAL, LoginQueuesTest::right));
    assertEquals(Outcome.BUSY, impatient.forUser("bob", USUAL, LoginQueuesTest::right));
  }
}
