package dev.pushgateway.access;

import dev.pushgateway.access.Authentication.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Decides which password is checked next.
 *
 * <pre>
 *   user alice ──one at a time──┐
 *   user bob   ──one at a time──┼──> cost up to 14: half of the processors
 *   strangers  ──one at a time──┴──> higher cost:   one processor
 * </pre>
 *
 * <p>A user waits for at most one password of each other user and of one stranger, and never for
 * the password of a hash above cost {@value #MAX_USUAL_COST} unless the user has such a hash.
 *
 * <p>Thread-safe.
 */
final class LoginQueues {
  /** Logins in one queue, and in all. Each holds a thread; the server has 500. */
  static final int MAX_QUEUED = 64;

  static final int MAX_QUEUED_IN_ALL = 256;

  /** A check of this cost takes about a second. */
  static final int MAX_USUAL_COST = 14;

  private final long maxWaitNanos;
  private final Semaphore usual;
  private final Semaphore costly = new Semaphore(1, true);
  private final Semaphore places = new Semaphore(MAX_QUEUED_IN_ALL);
  private final Queue strangers = new Queue();

  /** By name. Names of former users stay: they are few. */
  private final Map<String, Queue> users = new ConcurrentHashMap<>();

  private record Queue(Semaphore places, Semaphore turn) {
    Queue() {
      this(new Semaphore(MAX_QUEUED), new Semaphore(1, true));
    }
  }

  /**
   * Creates empty queues.
   *
   * @param checks how many usual passwords are checked at a time
   * @param maxWait how long a login may wait before it is answered with busy
   */
  LoginQueues(int checks, Duration maxWait) {
    this.usual = new Semaphore(checks, true);
    this.maxWaitNanos = maxWait.toNanos();
  }

  /** Runs the check of a user's password when it is its turn; busy if that would take too long. */
  Outcome forUser(String name, int cost, Supplier<Outcome> check) {
    return inTurn(users.computeIfAbsent(name, key -> new Queue()), cost, check);
  }

  /** Runs the check of a password whose user does not exist. */
  Outcome forStranger(int cost, Supplier<Outcome> check) {
    return inTurn(strangers, cost, check);
  }

  private Outcome inTurn(Queue queue, int cost, Supplier<Outcome> check) {
    Semaphore processors = cost > MAX_USUAL_COST ? costly : usual;
    long now = System.nanoTime();
    long end = now + maxWaitNanos;
    Supplier<Outcome> waiting =
        () -> holding(queue.turn, end, () -> holding(processors, end, check));
    return holding(queue.places, now, () -> holding(places, now, waiting));
  }

  private static Outcome holding(Semaphore permits, long deadline, Supplier<Outcome> act) {
    try {
      if (!permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return Outcome.BUSY;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.BUSY;
    }
    try {
      return act.get();
    } finally {
      permits.release();
    }
  }
}
