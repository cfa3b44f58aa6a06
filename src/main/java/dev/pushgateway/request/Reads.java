package dev.pushgateway.request;

import dev.pushgateway.store.MetricStore;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The scrapes and listings that are being sent. Each takes some memory for itself, and keeps alive
 * what it shows even after it was replaced in the store. When there are as many as may be, some
 * more wait for their turn. The first of each address need not wait, as long as there are not too
 * many addresses: somebody who asks again and again, or reads slowly, keeps out but himself.
 *
 * <p>Thread-safe.
 */
public final class Reads {
  /** Two buffers of a stretch to be compressed, the own metrics, buffers of the container. */
  private static final long BYTES = 384 << 10;

  /** Of each family: its place in two lists, and some of the objects that stand for it. */
  private static final long FAMILY_BYTES = 32;

  /** Less than Prometheus waits by default, 10 s. */
  private static final long MAX_WAIT_SECONDS = 5;

  private static final int MOST = 1_000_000;

  /** How many may be sent beside the others that are the first of their address. */
  private static final int MAX_FIRSTS = 8;

  /** Who reads an answer for longer is cut off when what it keeps alive leaves pushes no room. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MemoryBudget budget;
  private final int maxWaiting;

  /** In the order in which they came, so that a scraper gets its turn among many who ask again. */
  private final Semaphore turns;

  private final Semaphore firsts = new Semaphore(MAX_FIRSTS);

  /** How many are sent to each address, or wait for their turn. */
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  private final Set<Read> running = ConcurrentHashMap.newKeySet();

  public Reads(MemoryBudget budget, long maxConcurrent) {
    this.budget = budget;
    boolean isUnlimited = maxConcurrent == 0 || maxConcurrent > MOST;
    turns = new Semaphore(isUnlimited ? MOST : (int) maxConcurrent, true);
    maxWaiting = isUnlimited ? MOST : 2 * (int) maxConcurrent;
  }

  /**
   * Begins to read a store, before a snapshot of it is taken.
   *
   * @param address of the client
   * @throws RequestRefusedException if too many do so already, or memory is short
   */
  public Read begin(MetricStore store, String address) throws RequestRefusedException {
    Turn turn = new Turn(address);
    MemoryBudget.Reservation memory = budget.openForRead();
    try {
      turn.await();
      memory.add(BYTES + FAMILY_BYTES * store.totals().families());
    } catch (RequestRefusedException e) {
      turn.end();
      throw e;
    }
    Read read = new Read(turn, memory, store.read());
    running.add(read);
    return read;
  }

  /** Cuts off those who have been reading for long, so that what they keep alive can go. */
  public void endSlow() {
    long now = System.nanoTime();
    for (Read read : running) {
      read.endIfBegunBefore(now - PATIENCE_NANOS);
    }
  }

  /** That somebody may be sent an answer, or waits until it may be. For one thread at a time. */
  private final class Turn {
    private final String address;
    private final boolean isFirstOfAddress;
    private Optional<Semaphore> permits = Optional.empty();

    Turn(String address) {
      this.address = address;
      this.isFirstOfAddress = counts.merge(address, 1, Integer::sum) == 1;
    }

    void await() throws RequestRefusedException {
      if (turns.getQueueLength() == 0 && turns.tryAcquire()) {
        permits = Optional.of(turns); // Usual case.
      } else if (isFirstOfAddress && firsts.tryAcquire()) {
        permits = Optional.of(firsts);
      } else if (waitInQueue()) {
        permits = Optional.of(turns);
      } else {
        throw RequestRefusedException.unavailable(
            "other scrapes are being sent at the same time, as many as are allowed");
      }
    }

    private boolean waitInQueue() {
      try {
        return turns.getQueueLength() < maxWaiting
            && turns.tryAcquire(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    void end() {
      permits.ifPresent(Semaphore::release);
      counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /** One that is being sent; to be closed at its end, whether it was sent or not. */
  public final class Read {
    private final Turn turn;
    private final MemoryBudget.Reservation memory;
    private final MetricStore.Reading reading;
    private final Thread thread = Thread.currentThread();
    private final long startNanos = System.nanoTime();
    private boolean closed;
    private boolean ended;

    private Read(Turn turn, MemoryBudget.Reservation memory, MetricStore.Reading reading) {
      this.turn = turn;
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

    public void close() {
      running.remove(this);
      synchronized (this) {
        closed = true;
        if (ended) {
          Thread.interrupted(); // What comes after this is not meant.
        }
      }
      reading.close();
      memory.close();
      turn.end();
    }
  }
}
