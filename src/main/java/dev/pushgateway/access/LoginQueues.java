package dev.pushgateway.access;

import dev.pushgateway.access.Authentication.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Decides which password is checked next, and limits how many are checked at a time.
 *
 * <pre>
 *   user alice ──one at a time──┐
 *   user bob   ──one at a time──┼──> cost up to 14: half of the processors
 *   strangers  ──one at a time──┴──> higher cost:   one processor
 * </pre>
 *
 * <p>A user waits for at most one password of each other user and one password of strangers. Users
 * with a usual cost never wait for hashes above cost {@value #MAX_USUAL_COST}.
 *
 * <p>Thread-safe.
 */
final class LoginQueues {
  /** Maximum number of logins in one queue. Each login holds a thread; the server has 500. */
  static final int MAX_QUEUED = 64;

  static final int MAX_QUEUED_IN_ALL = 256;

  /** Maximum cost of a usual check. A check of this cost takes about a second. */
  static final int MAX_USUAL_COST = 14;

  private final long maxWaitNanos;
  private final Semaphore usual;
  private final Semaphore costly = new Semaphore(1, true);
  private final Semaphore places = new Semaphore(MAX_QUEUED_IN_ALL);
  private final Queue strangers = new Queue();

  /** By user name. Queues of former users are kept: they are few. */
  private final Map<String, Queue> users = new ConcurrentHashMap<>();

  private record Queue(Semaphore places, Semaphore turn) {
    Queue() {
      this(new Semaphore(MAX_QUEUED), new Semaphore(1, true));
    }
  }

  /**
   * Creates empty queues.
   *
   * @param checks how many passwords of usual cost are checked at a time
   * @param maxWait after this time in a queue, a login is answered with {@link Outcome#BUSY}
   */
  LoginQueues(int checks, Duration maxWait) {
    this.usual = new Semaphore(checks, true);
    this.maxWaitNanos = maxWait.toNanos();
  }

  /**
   * Waits for the user's turn and runs the check of a password.
   *
   * @return the result of the check; {@link Outcome#BUSY} if a queue is full or the wait too long
   */
  Outcome forUser(String name, int cost, Supplier<Outcome> check) {
    return inTurn(users.computeIfAbsent(name, key -> new Queue()), cost, check);
  }

  /**
   * Waits for a turn and runs the check of a password whose user does not exist.
   *
   * @return the result of the check; {@link Outcome#BUSY} if a queue is full or the wait too long
   */
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
