package dev.pushgateway.persistence;

import dev.pushgateway.store.ChangeLog;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Lets changes that come at the same time share one sync.
 *
 * <pre>
 *   change  1 2 3 4 5 6 7 8 …
 *           │ └───┐ └───────┐        those that come during a sync wait for the next one
 *   sync    [===] [=======] [====…   never two at once
 * </pre>
 *
 * <p>Who comes first into a batch runs the sync for all who have come into it by then. On a disk
 * that syncs faster than changes come, that would be one or two of many: each sync would cost more
 * than the changes in it. So it waits until half of the changes that are known to be on their way
 * have come (the other half is on its way while this half is being synced), yet never longer than
 * {@link #maxDelayNanos}, and not at all for a client that is alone. (A quarter or a third would do
 * as well, more than half is slower; 2026-11-25.)
 *
 * <p>Those that are not the first need no thread meanwhile: the first one tells them. Over 16
 * connections that gave a fifth more pushes a second than a thread for each, which had to be parked
 * and woken (2 cores, 2026-11-25).
 *
 * <p>Thread-safe. The monitor guards all fields and is held for moments only. Those who wait for
 * the disk are parked without it, so that they do not queue for it when they are woken.
 */
final class SyncQueue {
  private static final long MAX_DELAY_NANOS = 2_000_000L;

  /** A file, as far as it is to be synced. */
  interface Target {
    /** Makes all that has been appended survive a power loss, and returns where that ends. */
    long sync() throws IOException;
  }

  /** Changes that share one sync. */
  private static final class Batch {
    final Thread first = Thread.currentThread();
    final List<Follower> others = new ArrayList<>();
    long position;

    /** Whether the first one has waited for others as long as it may. */
    boolean expired;

    /** Set before {@link #ended}. */
    IOException failure;

    volatile boolean ended;

    int size() {
      return 1 + others.size();
    }

    void end(IOException reason) {
      failure = reason;
      ended = true;
      others.forEach(follower -> follower.end(reason));
    }

    void awaitEnd() throws IOException {
      boolean interrupted = false;
      while (!ended) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted(); // Else the next one would not wait.
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure);
      }
    }
  }

  /** Somebody whose change is synced by another one. */
  private interface Follower {
    void end(IOException reason);
  }

  /** A follower that has gone. The end may come before it is known whom to tell. */
  private static final class Detached implements Follower {
    private Consumer<IOException> listener;
    private boolean ended;
    private IOException failure;

    void listen(Consumer<IOException> whom) {
      synchronized (this) {
        if (!ended) {
          listener = whom;
          return;
        }
      }
      whom.accept(failure);
    }

    @Override
    public void end(IOException reason) {
      synchronized (this) {
        ended = true;
        failure = reason;
      }
      if (listener != null) { // Else it will see that it has ended.
        listener.accept(reason);
      }
    }
  }

  private final Target target;
  private final Clock clock;

  /** Those that wait for a sync that has not begun; {@code null} if nobody does. */
  private Batch open;

  private boolean busy;

  /** How many wait for the right to sync that is given by {@link #acquire}; they come first. */
  private int claims;

  private long synced;

  /** How many changes are on their way at once, as far as has been seen lately. */
  private int population = 1;

  private Syncs syncs;

  /**
   * How often something was synced, and the last time; before the first one, when the gateway was
   * started.
   *
   * @param lastMillis since 1970
   */
  record Syncs(long count, long lastMillis, long lastNanos) {}

  SyncQueue(Target target, Clock clock) {
    this.target = target;
    this.clock = clock;
    this.syncs = new Syncs(0, clock.millis(), 0);
  }

  /** Waits until everything up to a position is synced. */
  void await(long position) throws IOException {
    Thread self = Thread.currentThread();
    Batch batch = join(position, reason -> LockSupport.unpark(self));
    if (batch == null) {
      return;
    }
    if (batch.first == self) {
      lead(batch);
    } else {
      batch.awaitEnd();
    }
  }

  /**
   * As the other one, but keeps the thread only if it is the first of a batch.
   *
   * @return whether it is synced; else the waiter has been detached and will be told
   */
  boolean await(long position, ChangeLog.Waiter waiter) throws IOException {
    Detached follower = new Detached();
    Batch batch = join(position, follower);
    if (batch == null) {
      return true;
    }
    if (batch.first == Thread.currentThread()) {
      lead(batch);
      return true;
    }
    follower.listen(waiter.detach());
    return false;
  }

  private void lead(Batch batch) throws IOException {
    awaitTurn(batch);
    sync(batch);
  }

  /** The batch that a change belongs to; {@code null} if it is synced. */
  private synchronized Batch join(long position, Follower follower) {
    if (synced >= position) {
      return null;
    }
    if (open == null) {
      open = new Batch();
    } else {
      open.others.add(follower);
      wakeFirst();
    }
    open.position = Math.max(open.position, position);
    return open;
  }

  private void wakeFirst() {
    if (!busy && open != null && (open.expired || isFull(open))) {
      LockSupport.unpark(open.first);
    } // Else it is woken by who fills it, by the end of the sync, or by its time.
  }

  private boolean isFull(Batch batch) {
    return batch.size() >= (population + 1) / 2;
  }

  /** Returns with the right to sync. */
  private void awaitTurn(Batch batch) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + maxDelayNanos();
    while (!begin(batch, deadline - System.nanoTime() <= 0)) {
      long left = deadline - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(this, left);
      } else if (batch.expired) {
        LockSupport.park(this);
      }
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean begin(Batch batch, boolean expired) {
    batch.expired = expired;
    if (busy || claims > 0 || !expired && !isFull(batch)) {
      return false;
    }
    open = null;
    busy = true;
    return true;
  }

  private synchronized long maxDelayNanos() {
    return Math.min(2 * syncs.lastNanos, MAX_DELAY_NANOS);
  }

  private void sync(Batch batch) throws IOException {
    IOException failure = null;
    try {
      syncUpTo(batch.position);
    } catch (IOException e) {
      failure = e;
      throw e;
    } catch (RuntimeException | Error e) {
      failure = new IOException("the sync was given up", e);
      throw e;
    } finally {
      notePopulation(batch);
      release();
      batch.end(failure);
    }
  }

  /** Syncs, unless a rewrite has done so meanwhile. */
  private void syncUpTo(long position) throws IOException {
    if (position > synced()) {
      long start = System.nanoTime();
      long end = target.sync();
      syncedTo(end, System.nanoTime() - start);
    }
  }

  private synchronized void notePopulation(Batch synced) {
    int seen = synced.size() + (open == null ? 0 : open.size());
    population = Math.max(seen, population - 1);
  }

  /** Syncs now, unless that has been done up to a position. */
  void sync(long position) throws IOException {
    acquire();
    try {
      syncUpTo(position);
    } finally {
      release();
    }
  }

  /** Waits for a sync that is running, and lets nobody sync until {@link #release}. */
  synchronized void acquire() {
    boolean interrupted = false;
    claims++;
    while (busy) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // A sync ends, or the disk hangs and nothing would help.
      }
    }
    claims--;
    busy = true;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets others sync. */
  synchronized void release() {
    busy = false;
    if (claims > 0) {
      notifyAll();
    } else {
      wakeFirst();
    }
  }

  private synchronized long synced() {
    return synced;
  }

  /** Notes that everything up to a position was synced, and how long that took. */
  synchronized void syncedTo(long position, long nanos) {
    synced = Math.max(synced, position);
    syncs = new Syncs(syncs.count + 1, clock.millis(), nanos);
  }

  /** What there is to say of the syncs. */
  synchronized Syncs syncs() {
    return syncs;
  }
}
