package dev.pushgateway.admission;

import dev.pushgateway.store.MetricStore;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The scrapes and listings that are sent at the moment. Each takes some memory for itself, and
 * keeps alive what it shows even after that was replaced in the store. If there are as many as the
 * limit allows, some more wait for their turn. The first one of each address need not wait, unless
 * there are too many addresses: a client that asks again and again, or reads slowly, delays only
 * itself.
 *
 * <p>Thread-safe.
 */
public final class RunningScrapes {
  /** Two buffers for a page, or those to compress it, the own metrics, buffers of the container. */
  private static final long BYTES = 384 << 10;

  /** Of each family: its place in two lists, and some of the objects that stand for it. */
  private static final long FAMILY_BYTES = 32;

  private static final int UNLIMITED = 1_000_000;

  /** How many may run beside the others if they are the first of their address. */
  private static final int MAX_FIRSTS = 8;

  /**
   * A scrape that has waited longer for its client is ended if memory is short and the scrape keeps
   * replaced data. Other time does not count: on a busy machine, a scrape may take long to write.
   */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HeapBudget budget;
  private final int maxConcurrent;

  /** In the order in which they came, so that a scraper gets its turn among many who ask again. */
  private final Semaphore permits;

  private final Semaphore firstPermits = new Semaphore(MAX_FIRSTS);

  /** The number of scrapes of each address that run or wait. */
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  private final Set<Lease> running = ConcurrentHashMap.newKeySet();

  /**
   * No scrapes yet.
   *
   * @param maxConcurrent how many may run at a time; 0 for any number
   */
  public RunningScrapes(HeapBudget budget, long maxConcurrent) {
    this.budget = budget;
    boolean isUnlimited = maxConcurrent == 0 || maxConcurrent > UNLIMITED;
    this.maxConcurrent = isUnlimited ? UNLIMITED : (int) maxConcurrent;
    permits = new Semaphore(this.maxConcurrent, true);
    budget.onShortage(this::endSlow);
  }

  /**
   * Begins a scrape, before its snapshot of the store is taken.
   *
   * @param address of the client
   * @param abort ends the connection to the client, on any thread
   * @return to be closed when the response has been sent
   * @throws OverloadedException if there are too many scrapes, or memory is short
   */
  public Lease begin(MetricStore store, String address, Runnable abort) throws OverloadedException {
    HeapBudget.Reservation memory = budget.openForScrape();
    boolean isFirst = counts.merge(address, 1, Integer::sum) == 1;
    Optional<Semaphore> permit = Optional.empty();
    try {
      permit = Optional.of(permit(isFirst, memory.deadlineNanos()));
      memory.add(BYTES + FAMILY_BYTES * store.totals().families());
    } catch (OverloadedException e) {
      end(address, permit);
      throw e;
    }
    Lease lease = new Lease(address, abort, permit, memory, store.read());
    running.add(lease);
    return lease;
  }

  private Semaphore permit(boolean isFirst, long deadlineNanos) throws OverloadedException {
    if (!permits.hasQueuedThreads() && permits.tryAcquire()) {
      return permits; // Usual case.
    }
    if (isFirst && firstPermits.tryAcquire()) {
      return firstPermits;
    }
    try {
      long leftNanos = deadlineNanos - System.nanoTime();
      if (permits.getQueueLength() < 2 * maxConcurrent
          && permits.tryAcquire(leftNanos, TimeUnit.NANOSECONDS)) {
        return permits;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw OverloadedException.busy(
        "too many concurrent scrapes and listings; the limit is "
            + maxConcurrent
            + " (--scrape.max-concurrent)");
  }

  private void end(String address, Optional<Semaphore> permit) {
    permit.ifPresent(Semaphore::release);
    counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Ends scrapes whose clients read slowly, so that what they keep alive can go. */
  void endSlow() {
    running.forEach(Lease::endIfSlow);
  }

  /** A lease on the data of one scrape. Close it exactly once, whether or not all was sent. */
  public final class Lease implements AutoCloseable {
    private final String address;
    private final Optional<Semaphore> permit;
    private final HeapBudget.Reservation memory;
    private final MetricStore.Reading reading;
    private final Runnable abort;
    private final long startNanos = System.nanoTime();
    private Optional<Sending> sending = Optional.empty();
    private boolean over;

    private Lease(
        String address,
        Runnable abort,
        Optional<Semaphore> permit,
        HeapBudget.Reservation memory,
        MetricStore.Reading reading) {
      this.address = address;
      this.abort = abort;
      this.permit = permit;
      this.memory = memory;
      this.reading = reading;
    }

    /**
     * Reserves more memory until this is closed.
     *
     * @throws OverloadedException if there is no room
     */
    public void reserve(long bytes) throws OverloadedException {
      memory.add(bytes);
    }

    /**
     * Does something that takes memory only while it is done.
     *
     * @throws OverloadedException if there is no room; then nothing was done
     */
    public void reserveFor(long bytes, Runnable action) throws OverloadedException {
      memory.add(bytes);
      try {
        action.run();
      } finally {
        memory.giveBack(bytes);
      }
    }

    /**
     * Returns a stream to the client whose writes are timed. Without one, the client is taken to
     * have been waited for since the lease began.
     */
    public synchronized OutputStream sending(OutputStream out) {
      Sending timed = new Sending(out);
      sending = Optional.of(timed);
      return timed;
    }

    private synchronized void endIfSlow() {
      long now = System.nanoTime();
      long waited = sending.map(timed -> timed.waited(now)).orElse(now - startNanos);
      if (!over && waited > PATIENCE_NANOS) {
        over = true;
        abort.run();
      }
    }

    @Override
    public void close() {
      running.remove(this);
      synchronized (this) {
        over = true; // What the connection carries next is not meant.
      }
      reading.close();
      memory.close();
      end(address, permit);
    }
  }

  /** A stream that knows how long its writes have taken. One thread writes, any thread may ask. */
  private static final class Sending extends FilterOutputStream {
    private boolean isWriting;
    private long beganNanos;
    private long pastNanos;

    Sending(OutputStream out) {
      super(out);
    }

    synchronized long waited(long now) {
      return pastNanos + (isWriting ? now - beganNanos : 0);
    }

    private synchronized void begin() {
      isWriting = true;
      beganNanos = System.nanoTime();
    }

    private synchronized void end() {
      isWriting = false;
      pastNanos += System.nanoTime() - beganNanos;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      begin();
      try {
        out.write(bytes, from, length);
      } finally {
        end();
      }
    }
  }
}
