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
 * Limits the scrapes and listings that run at the same time. Each of them takes some memory, and
 * keeps the data that it shows alive after the store has replaced it.
 *
 * <p>If the limit is reached, up to twice as many more wait for their turn. The first scrape of
 * each address need not wait, unless there are more than {@value #MAX_FIRSTS} such addresses. A
 * client that asks again and again, or reads slowly, therefore delays only itself.
 *
 * <p>Thread-safe.
 */
public final class RunningScrapes {
  /**
   * Bytes of one scrape: its page buffers or compression buffers, the own metrics, the container.
   */
  private static final long BYTES = 384 << 10;

  /** Bytes for each family of a scrape: its place in two lists, and some of its objects. */
  private static final long FAMILY_BYTES = 32;

  private static final int UNLIMITED = 1_000_000;

  /** Limit of additional scrapes that are the first of their address. */
  private static final int MAX_FIRSTS = 8;

  /**
   * When memory is short, a scrape is ended if it keeps replaced data and has waited longer than
   * this for its client. Only the time in writes to the client counts: on a busy machine, the rest
   * of a scrape may take long.
   */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HeapBudget budget;
  private final int maxConcurrent;

  /** Fair, so that a scraper gets its turn among clients that ask again and again. */
  private final Semaphore permits;

  private final Semaphore firstPermits = new Semaphore(MAX_FIRSTS);

  /** The number of scrapes of each address that run or wait. */
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  private final Set<Lease> running = ConcurrentHashMap.newKeySet();

  /**
   * Creates a limit without any scrapes.
   *
   * @param maxConcurrent maximum number of concurrent scrapes and listings; 0 for no limit
   */
  public RunningScrapes(HeapBudget budget, long maxConcurrent) {
    this.budget = budget;
    boolean isUnlimited = maxConcurrent == 0 || maxConcurrent > UNLIMITED;
    this.maxConcurrent = isUnlimited ? UNLIMITED : (int) maxConcurrent;
    permits = new Semaphore(this.maxConcurrent, true);
    budget.onShortage(this::endSlow);
  }

  /**
   * Begins a scrape or a listing. Call this before taking the snapshot of the store.
   *
   * @param address of the client
   * @param abort ends the connection to the client; may be called on any thread
   * @return a lease; close it when the response was sent
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

  /** Ends scrapes whose clients read slowly, so that the data that they keep can be freed. */
  void endSlow() {
    running.forEach(Lease::endIfSlow);
  }

  /**
   * A lease on the data of one scrape. Close it exactly once, whether or not the response was sent.
   */
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
     * Reserves more memory until the lease is closed.
     *
     * @throws OverloadedException if there is no room
     */
    public void reserve(long bytes) throws OverloadedException {
      memory.add(bytes);
    }

    /**
     * Runs an action that takes memory only while it runs.
     *
     * @throws OverloadedException if there is no room; the action was not run then
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
     * Returns a stream to the client that measures the time of its writes. Before the first call,
     * all time since the lease began counts as waiting for the client.
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
        over = true; // The connection may soon carry another response, which must not be aborted.
      }
      reading.close();
      memory.close();
      end(address, permit);
    }
  }

  /** Measures the time of writes to a stream. One thread writes; any thread may read the time. */
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
