package dev.pushgateway.http;

import dev.pushgateway.store.MetricStore;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The scrapes and listings that are being sent. Each takes some memory for itself, and keeps alive
 * what it shows even after it was replaced in the store. When there are as many as may be, some
 * more wait for their turn.
 *
 * <p>Thread-safe.
 */
final class Reads {
  /** Two buffers of a stretch to be compressed, the own metrics, buffers of the container. */
  private static final long BYTES = 384 << 10;

  /** Of each family: its place in two lists, and some of the objects that stand for it. */
  private static final long FAMILY_BYTES = 32;

  /** Less than Prometheus waits by default, 10 s. */
  private static final long MAX_WAIT_SECONDS = 5;

  private static final int MOST = 1_000_000;

  /** Who reads an answer for longer is cut off when what it keeps alive leaves pushes no room. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MemoryBudget budget;
  private final int maxWaiting;

  /** In the order in which they came, so that a scraper gets its turn among many who ask again. */
  private final Semaphore turns;

  private final Set<Read> running = ConcurrentHashMap.newKeySet();

  Reads(MemoryBudget budget, long maxConcurrent) {
    this.budget = budget;
    boolean isUnlimited = maxConcurrent == 0 || maxConcurrent > MOST;
    turns = new Semaphore(isUnlimited ? MOST : (int) maxConcurrent, true);
    maxWaiting = isUnlimited ? MOST : 2 * (int) maxConcurrent;
  }

  /**
   * Begins to read a store, before a snapshot of it is taken.
   *
   * @throws RequestRefusedException if too many do so already, or memory is short
   */
  Read begin(MetricStore store) throws RequestRefusedException {
    if (!isItsTurn()) {
      throw RequestRefusedException.unavailable(
          "other scrapes are being sent at the same time, as many as are allowed");
    }
    MemoryBudget.Reservation memory = budget.openForRead();
    try {
      memory.add(BYTES + FAMILY_BYTES * store.totals().families());
    } catch (RequestRefusedException e) {
      turns.release();
      throw e;
    }
    Read read = new Read(memory, store.read());
    running.add(read);
    return read;
  }

  /** Cuts off those who have been reading for long, so that what they keep alive can go. */
  void endSlow() {
    long now = System.nanoTime();
    for (Read read : running) {
      read.endIfBegunBefore(now - PATIENCE_NANOS);
    }
  }

  private boolean isItsTurn() {
    try {
      return turns.getQueueLength() < maxWaiting
          && turns.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One that is being sent; to be closed at its end, whether it was sent or not. */
  final class Read {
    private final MemoryBudget.Reservation memory;
    private final MetricStore.Reading reading;
    private final Thread thread = Thread.currentThread();
    private final long startNanos = System.nanoTime();
    private boolean closed;
    private boolean ended;

    private Read(MemoryBudget.Reservation memory, MetricStore.Reading reading) {
      this.memory = memory;
      this.reading = reading;
    }

    /** The thread waits for its client in a call of the container, which an interrupt ends. */
    private synchronized void endIfBegunBefore(long nanos) {
      if (!closed && !ended && startNanos - nanos < 0) {
        ended = true;
        thread.interrupt();
      }
    }

    void close() {
      running.remove(this);
      synchronized (this) {
        closed = true;
        if (ended) {
          Thread.interrupted(); // What comes after this is not meant.
        }
      }
      reading.close();
      memory.close();
      turns.release();
    }
  }
}
