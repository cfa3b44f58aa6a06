package dev.pushgateway.persistence;

import dev.pushgateway.store.ChangeLog;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets changes that come at the same time share one sync, on a thread of its own.
 *
 * <pre>
 *   change  1 2 3 4 5 6 7 8 …
 *           │ └───┐ └───────┐        changes that come during a sync wait for the next one
 *   sync    [===] [=======] [====…   never two at once
 * </pre>
 *
 * <p>Thread-safe. The monitor guards all fields and is held for moments only. The right to sync is
 * a lock of its own, taken before the monitor. The thread starts with the first change that waits,
 * and ends with {@link #close}.
 */
final class SyncQueue {
  /** A file, as far as it is to be synced. */
  interface Target {
    /** Makes all that has been appended survive a power loss, and returns where that ends. */
    long sync() throws IOException;
  }

  /** Changes that share one sync. */
  private static final class Batch {
    final CompletableFuture<Void> synced = new CompletableFuture<>();
    long position;
  }

  private final Target target;
  private final Clock clock;

  /** The right to sync. Fair: a thread that exchanges files comes before the next batch. */
  private final ReentrantLock syncing = new ReentrantLock(true);

  /** The changes that wait for a sync that has not begun; {@code null} if there are none. */
  private Batch next;

  private Thread thread;
  private boolean closed;

  private long synced;
  private Syncs syncs;

  /**
   * How often the file was synced, and the last time; before the first sync, the start.
   *
   * @param lastMillis since 1970
   * @param lastNanos how long the last sync took
   */
  record Syncs(long count, long lastMillis, long lastNanos) {}

  SyncQueue(Target target, Clock clock) {
    this.target = target;
    this.clock = clock;
    this.syncs = new Syncs(0, clock.millis(), 0);
  }

  /**
   * Syncs everything up to a position, together with what other threads ask for meanwhile.
   *
   * @return completes when that is synced; completes with an {@link IOException} if it cannot be
   */
  synchronized CompletionStage<Void> whenSynced(long position) {
    if (synced >= position) {
      return ChangeLog.DURABLE;
    }
    if (closed) {
      return CompletableFuture.failedFuture(new IOException("the persistence file is closed"));
    }
    if (next == null) {
      next = new Batch();
      startThread();
      notifyAll();
    }
    next.position = Math.max(next.position, position);
    return next.synced;
  }

  private void startThread() {
    if (thread == null) {
      thread = new Thread(this::syncBatches, "persistence-sync");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void syncBatches() {
    for (Batch batch = takeBatch(); batch != null; batch = takeBatch()) {
      try {
        syncUpTo(batch.position);
        release();
        batch.synced.complete(null);
      } catch (IOException | RuntimeException | Error e) {
        release();
        batch.synced.completeExceptionally(
            e instanceof IOException ? e : new IOException("the sync was given up", e));
      }
    }
  }

  /**
   * Waits for a batch and for the right to sync; {@code null} once the queue is closed and empty.
   */
  private Batch takeBatch() {
    if (!awaitBatch()) {
      return null;
    }
    acquire();
    synchronized (this) {
      Batch batch = next;
      next = null;
      return batch;
    }
  }

  private synchronized boolean awaitBatch() {
    while (next == null && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        // The queue ends this thread by close() only: an interrupt must not leave changes waiting.
      }
    }
    return next != null;
  }

  /** Syncs, unless a rewrite has done so meanwhile. */
  private void syncUpTo(long position) throws IOException {
    if (position > synced()) {
      long start = System.nanoTime();
      long end = target.sync();
      syncedTo(end, System.nanoTime() - start);
    }
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

  /** Waits for a sync that is running, and lets no other thread sync until {@link #release}. */
  void acquire() {
    syncing.lock();
  }

  /** Lets others sync. */
  void release() {
    syncing.unlock();
  }

  /** Ends the thread after the changes that wait; later changes fail. Does not wait for the end. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits until the thread has ended: a servlet container counts one that is left as a leak. */
  void awaitEnd() {
    Thread ending;
    synchronized (this) {
      ending = thread;
    }
    if (ending != null) {
      Maintenance.join(ending);
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
