package dev.pushgateway.persistence;

import dev.pushgateway.store.ChangeLog;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets concurrent changes share one sync, on a separate thread.
 *
 * <pre>
 *   change  1 2 3 4 5 6 7 8 …
 *           │ └───┐ └───────┐        changes that come during a sync wait for the next one
 *   sync    [===] [=======] [====…   never two at once
 * </pre>
 *
 * <p>Thread-safe. The monitor guards all fields and is only held for short times. The right to sync
 * is a separate lock, taken before the monitor. The thread starts with the first change that waits,
 * and ends with {@link #close}.
 */
final class SyncQueue {
  /** The file to sync. */
  interface Target {
    /**
     * Makes all appended records survive a power loss.
     *
     * @return the position of their end
     */
    long sync() throws IOException;
  }

  /** Changes that share one sync. */
  private static final class Batch {
    final CompletableFuture<Void> synced = new CompletableFuture<>();
    long position;
  }

  private final Target target;
  private final Clock clock;

  /** The right to sync. Fair: a thread that replaces the file comes before the next batch. */
  private final ReentrantLock syncing = new ReentrantLock(true);

  /** The changes that wait for the next sync; {@code null} if there are none. */
  private Batch next;

  private Thread thread;
  private boolean closed;

  private long synced;
  private Syncs syncs;

  /**
   * The figures of the syncs.
   *
   * @param count number of syncs
   * @param lastMillis end of the last sync, in milliseconds since 1970; before the first, the start
   *     of the queue
   * @param lastNanos duration of the last sync, in nanoseconds
   */
  record Syncs(long count, long lastMillis, long lastNanos) {}

  SyncQueue(Target target, Clock clock) {
    this.target = target;
    this.clock = clock;
    this.syncs = new Syncs(0, clock.millis(), 0);
  }

  /**
   * Syncs everything up to a position, together with other changes that wait.
   *
   * @return a stage that completes after the sync; it completes with an {@link IOException} after a
   *     failure
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
   * Waits for a batch and for the right to sync.
   *
   * @return {@code null} if the queue is closed and empty
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
        // Only close() ends this thread: an interrupt must not leave changes waiting.
      }
    }
    return next != null;
  }

  /** Syncs, unless a rewrite has synced up to this position. */
  private void syncUpTo(long position) throws IOException {
    if (position > synced()) {
      long start = System.nanoTime();
      long end = target.sync();
      syncedTo(end, System.nanoTime() - start);
    }
  }

  /** Syncs now, unless everything up to a position is synced. */
  void sync(long position) throws IOException {
    acquire();
    try {
      syncUpTo(position);
    } finally {
      release();
    }
  }

  /** Waits for a running sync. Then lets no other thread sync until {@link #release}. */
  void acquire() {
    syncing.lock();
  }

  /** Lets other threads sync. */
  void release() {
    syncing.unlock();
  }

  /**
   * Ends the thread after the waiting changes. Later changes fail. Does not wait for the thread.
   */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits until the thread has ended: a servlet container reports a running thread as a leak. */
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

  /** Notes that everything up to a position is synced, and how long that took. */
  synchronized void syncedTo(long position, long nanos) {
    synced = Math.max(synced, position);
    syncs = new Syncs(syncs.count + 1, clock.millis(), nanos);
  }

  /** Returns the figures of the syncs. */
  synchronized Syncs syncs() {
    return syncs;
  }
}
