package dev.pushgateway.persistence;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.pushgateway.persistence.PersistenceFile.Surroundings;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.MetricStore.Totals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Maintains a log: syncs it at the interval, compacts it, mends it after a failure, and logs that.
 *
 * <p>Only one thread at a time may call it: its own daemon thread until {@link #stop} returns. The
 * methods of {@link Attendant} are for any thread.
 */
final class Maintenance implements Attendant {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  /** The interval at which the thread checks the log if nothing else wakes it. */
  private static final long TICK_NANOS = 1_000_000_000L;

  /** The minimum time between two syncs. */
  private static final long MIN_INTERVAL_NANOS = 1_000_000L;

  private static final long MAX_INTERVAL_NANOS = Long.MAX_VALUE / 4;

  private final Path path;
  private final MetricStore store;
  private final Surroundings surroundings;
  private final Log log;
  private final ProcessLock lock;
  private final Room room;

  /** The time between two syncs. */
  private final long syncNanos;

  private final Thread thread = new Thread(this::run, "persistence-file");
  private final Semaphore wakeUps = new Semaphore(0);
  private volatile boolean stopping;

  /** No new file is begun before this time. */
  private volatile long nextRewriteNanos;

  /** Only the maintaining thread uses this field and those that follow. */
  private long nextSyncNanos;

  private String reportedFailure;
  private boolean isTooSmallReported;

  /**
   * Maintains a log from {@link #start} on.
   *
   * @param interval how long a change may stay unsynced; zero if each change waits for its sync
   */
  Maintenance(
      Path path,
      Duration interval,
      MetricStore store,
      Surroundings surroundings,
      Log log,
      ProcessLock lock,
      Room room) {
    this.path = path;
    this.room = room;
    this.store = store;
    this.surroundings = surroundings;
    this.log = log;
    this.lock = lock;
    // With 0s, the sync queue syncs. This thread only writes the note.
    this.syncNanos = interval.isZero() ? TICK_NANOS : Math.max(nanos(interval), MIN_INTERVAL_NANOS);
    long now = surroundings.nanoTime().getAsLong();
    this.nextSyncNanos = now + syncNanos;
    this.nextRewriteNanos = now;
  }

  private static long nanos(Duration interval) {
    if (interval.isNegative()) {
      throw new IllegalArgumentException("persistence interval " + interval + " is negative");
    }
    return Math.min(NANOSECONDS.convert(interval), MAX_INTERVAL_NANOS);
  }

  /** Writes a new file if there is none to append to. Then starts the thread. */
  void start() throws IOException {
    if (log.health().isBroken()) {
      writeAnew();
    } else if (room.isShort(log.end())) {
      tryToRewrite("compacted", Level.INFO);
    }
    log.noteSynced(); // The loader has synced the records.
    log.attendedBy(this);
    watchLength();
    reportSmallVolume();
    if (surroundings.hasThread()) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    while (!stopping) {
      try {
        maintain();
      } catch (RuntimeException | Error e) {
        LOG.error("looking after the persistence file failed", e);
      }
      await();
    }
  }

  private void await() {
    long untilSync = nextSyncNanos - surroundings.nanoTime().getAsLong();
    try {
      if (wakeUps.tryAcquire(Math.min(TICK_NANOS, Math.max(0, untilSync)), NANOSECONDS)) {
        wakeUps.drainPermits();
      }
    } catch (InterruptedException e) {
      // Only stop() ends this thread, by a flag.
      LOG.debug("interrupted", e);
    }
  }

  /** Does the work that is due: syncs, mends, compacts. Only one thread may call this at a time. */
  void maintain() {
    lock.keep(log.health());
    checkUntouched();
    room.lookAgain();
    log.probe();
    syncIfDue();
    if (log.health().isBroken()) {
      tryToRewrite("mended", Level.INFO);
    } else if (isCompactionDue()) {
      tryToRewrite("compacted", Level.INFO);
      log.probe();
    }
    watchLength();
    report();
    reportSmallVolume();
  }

  private void checkUntouched() {
    if (!lock.isLost()) { // Otherwise it is another gateway's.
      log.checkUntouched();
    }
  }

  private void syncIfDue() {
    long now = surroundings.nanoTime().getAsLong();
    if (now - nextSyncNanos < 0) {
      return;
    }
    nextSyncNanos = now + syncNanos;
    try {
      log.sync();
      log.noteSynced();
    } catch (IOException e) {
      report();
    }
  }

  private boolean isCompactionDue() {
    long end = log.end();
    return end > limit(store.totals())
        || room.isShort(end)
        || (log.isWiped() || log.health().isFailing()) && isWorthCompacting(end);
  }

  private boolean isWorthCompacting(long end) {
    // After a wipe, a new file needs almost no room.
    return room.hasDeadBlocks(end) && (log.isWiped() || room.hasContentAgain());
  }

  /**
   * Returns the limit of the file's length. It is so far below twice the content that even a busy
   * gateway does not write the rest during the compaction.
   */
  private long limit(Totals totals) {
    long live = LiveSize.estimate(totals);
    return live + live / 2 + surroundings.slackBytes();
  }

  /**
   * Lets a push wake the thread at the limit. If the file is already longer, the next tick compacts
   * it.
   */
  private void watchLength() {
    long end = log.end();
    long limit = Math.min(limit(store.totals()), room.shortEnd(end));
    log.wakeAt(end >= limit ? Long.MAX_VALUE : limit);
  }

  @Override
  public void wakeUp() {
    wakeUps.release();
  }

  @Override
  public boolean isRewriting() {
    return log.exchanging().isLocked();
  }

  @Override
  public boolean rewrite() {
    if (stopping || log.exchanging().isHeldByCurrentThread()) {
      return false;
    }
    if (isRewrittenMeanwhile()) {
      return true;
    }
    if (log.health().isBroken()) {
      return tryToRewrite("mended", Level.INFO);
    }
    // On a small volume, this may happen at every second push.
    return isWorthCompacting(log.end()) && tryToRewrite("compacted", Level.DEBUG);
  }

  /**
   * Waits for a thread that writes a new file.
   *
   * @return whether it has written one
   */
  private boolean isRewrittenMeanwhile() {
    long exchangesBefore = log.exchangeCount();
    log.exchanging().lock();
    try {
      return log.exchangeCount() > exchangesBefore;
    } finally {
      log.exchanging().unlock();
    }
  }

  private boolean tryToRewrite(String done, Level level) {
    long start = surroundings.nanoTime().getAsLong();
    if (lock.isLost() || start - nextRewriteNanos < 0) {
      return false;
    }
    try {
      writeAnew(() -> stopping);
      LOG.atLevel(level).log("persistence file was {}: {} bytes", done, log.end());
      nextRewriteNanos = start;
      return true;
    } catch (IOException e) {
      if (!stopping) {
        LOG.warn("{}", e.getMessage());
      }
      long now = surroundings.nanoTime().getAsLong();
      // Failed attempts to write a large store must not keep the disk busy.
      nextRewriteNanos = now + Math.max(TICK_NANOS, 4 * (now - start));
      return false;
    }
  }

  /** Rewrites the file. */
  void writeAnew() throws IOException {
    writeAnew(() -> stopping);
  }

  private void writeAnew(BooleanSupplier stopped) throws IOException {
    new Rewrite(surroundings.disk(), path, log, stopped).run(store);
  }

  private void reportSmallVolume() {
    if (!isTooSmallReported && room.isTooSmall(log.end())) {
      isTooSmallReported = true;
      LOG.warn(
          "the volume of persistence file {} is too small: it needs {} bytes, twice the content"
              + " and 1 MiB; pushes may be refused",
          path,
          room.neededBytes());
    }
  }

  /** Logs a failure once, and its end. */
  private void report() {
    String failure = log.health().reason();
    if (failure != null && !failure.equals(reportedFailure)) {
      LOG.error(
          log.health().isBroken()
              ? "{}; pushes and deletes are refused until writing works again"
              : "{}; pushes that do not fit are refused until there is more space",
          failure);
    } else if (failure == null && reportedFailure != null) {
      LOG.info("persistence works again");
    }
    reportedFailure = failure;
  }

  /** Ends the thread. Then mends the log a last time if it is broken. */
  void stop() throws IOException {
    stopping = true;
    wakeUps.release();
    join(thread);
    lock.keep(log.health());
    checkUntouched();
    if (log.health().isBroken() && !lock.isLost()) {
      writeAnew(() -> false);
    }
  }

  /** Waits until another thread has ended. Otherwise it would use a closed file. */
  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // The thread ends, unless the disk hangs.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
