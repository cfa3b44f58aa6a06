package dev.pushgateway.request;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Requests that wait for memory, first come first served: as long as the first of them does not
 * find what it needs, none behind it is asked. Waiting takes a thread each, so that only {@value
 * #MAX_WAITING} may.
 *
 * <p>Thread-safe. A request that finds room at once never comes here, and takes no lock.
 */
final class MemoryQueue {
  /** An eighth of the pushes that may be served at a time by default. */
  static final int MAX_WAITING = 50;

  /** Memory may also become free without {@link #wake}: when a group is deleted, for example. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Object> waiting = new ArrayDeque<>();

  /** For those without the lock. */
  private volatile int length;

  /** Whether nobody waits. */
  boolean isEmpty() {
    return length == 0;
  }

  /** Some memory may have become free. Costs next to nothing if nobody waits. */
  void wake() {
    if (!isEmpty()) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Tries something again and again, when it is this thread's turn.
   *
   * @param attempt says whether it was successful; one runs at a time
   * @param untilNanos as {@link System#nanoTime}, when to give up
   * @return whether an attempt was successful; not if too many wait already
   */
  boolean await(BooleanSupplier attempt, long untilNanos) {
    lock.lock();
    try {
      return waiting.size() < MAX_WAITING && awaitTurn(attempt, untilNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitTurn(BooleanSupplier attempt, long untilNanos) throws InterruptedException {
    Object place = new Object();
    waiting.add(place);
    length = waiting.size();
    try {
      while (waiting.peek() != place || !attempt.getAsBoolean()) {
        long left = untilNanos - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        // How long it was does not matter: whatever has happened, we look again.
        long ignored = changed.awaitNanos(Math.min(left, LOOK_NANOS));
      }
      return true;
    } finally {
      waiting.remove(place);
      length = waiting.size();
      changed.signalAll();
    }
  }
}
