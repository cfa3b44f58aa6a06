package dev.pushgateway.persistence;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.pushgateway.change.Change;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.disk.LocalDisk;
import dev.pushgateway.disk.Reasons;
import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.MetricStore.Totals;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in which a gateway keeps what was pushed to it; see the package for what survives what.
 *
 * <p>Thread-safe. One thread of its own, a daemon, syncs at the interval, compacts, and mends the
 * log after a failure.
 */
public final class PersistenceFile implements ChangeLog, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(PersistenceFile.class);

  /** How often the thread looks after the log when nothing else calls it. */
  private static final long TICK_NANOS = 1_000_000_000L;

  /** Not even a small store is compacted before the file is longer than its content by this. */
  static final long COMPACTION_SLACK_BYTES = 64L << 20;

  /** The thread syncs no more often than this. */
  private static final long MIN_INTERVAL_NANOS = 1_000_000L;

  private static final long MAX_INTERVAL_NANOS = Long.MAX_VALUE / 4;

  /**
   * What tests put another in the place of.
   *
   * @param clock for names of files and for the metrics
   * @param nanoTime for intervals
   * @param hasThread whether a thread does the {@link #maintain} work
   * @param slackBytes see {@link #COMPACTION_SLACK_BYTES}
   */
  record Surroundings(
      Disk disk, Clock clock, LongSupplier nanoTime, boolean hasThread, long slackBytes) {
    static Surroundings real() {
      return new Surroundings(
          new LocalDisk(), Clock.systemUTC(), System::nanoTime, true, COMPACTION_SLACK_BYTES);
    }
  }

  private final Path path;
  private final MetricStore store;
  private final Surroundings surroundings;

  /** How often the thread syncs. */
  private final long syncNanos;

  private final ProcessLock processLock;
  private final Log log;
  private final long droppedRecords;
  private final Thread thread;

  private final Semaphore wakeUps = new Semaphore(0);
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean closing;

  /** Of the thread that maintains, only. */
  private long nextSyncNanos;

  private long nextRewriteNanos;
  private String reportedFailure;

  /** Whether another gateway has the file, so that nothing is written to it any more. */
  private boolean lockLost;

  private PersistenceFile(
      Path path,
      Duration interval,
      MetricStore store,
      Surroundings surroundings,
      ProcessLock processLock)
      throws IOException {
    this.path = path;
    this.store = store;
    this.surroundings = surroundings;
    this.processLock = processLock;
    boolean syncsEachChange = interval.isZero();
    // Pushes that wait for their sync do it themselves: to the thread nothing is left.
    this.syncNanos = syncsEachChange ? TICK_NANOS : Math.max(nanos(interval), MIN_INTERVAL_NANOS);
    Loader.Loaded loaded =
        new Loader(surroundings.disk(), path, surroundings.clock(), store::apply).load();
    this.droppedRecords = loaded.droppedRecords();
    this.log = new Log(surroundings.disk(), path, loaded, syncsEachChange, surroundings.clock());
    long now = surroundings.nanoTime().getAsLong();
    this.nextSyncNanos = now + syncNanos;
    this.nextRewriteNanos = now;
    this.thread = new Thread(this::run, "persistence-file");
  }

  private static long nanos(Duration interval) {
    if (interval.isNegative()) {
      throw new IllegalArgumentException("persistence interval " + interval + " is negative");
    }
    // Two hundred years do not fit into nanoseconds, and nobody lives to see the difference.
    return interval.toSeconds() >= MAX_INTERVAL_NANOS / 1_000_000_000L
        ? MAX_INTERVAL_NANOS
        : interval.toNanos();
  }

  /**
   * Opens the file or creates it, replays it into a store, and starts the store: its changes go to
   * the file from then on. A Go Pushgateway's file is imported.
   *
   * @param interval how long a change may stay unsynced; zero for a sync before each answer
   * @param store neither restored nor started
   * @throws FileInUseException if another gateway has the file
   * @throws IOException if the file cannot be used: its folder is missing or cannot be written to,
   *     it was written by a newer gateway, or cannot be read by the system
   */
  public static PersistenceFile open(Path path, Duration interval, MetricStore store)
      throws IOException {
    return open(path, interval, store, Surroundings.real());
  }

  /**
   * Looks whether {@link #open} would have the file, without reading what is in it.
   *
   * @throws IOException as {@code open} would
   */
  public static void check(Path path) throws IOException {
    check(path, new LocalDisk());
  }

  static void check(Path path, Disk disk) throws IOException {
    Path file = FilePath.checked(path);
    ProcessLock processLock = ProcessLock.acquire(file);
    try {
      new Loader(disk, file, Clock.systemUTC(), change -> {}).check();
    } catch (IOException e) {
      throw naming(file, e);
    } finally {
      processLock.close();
    }
  }

  private static PersistenceFileException naming(Path file, IOException e) {
    return e instanceof PersistenceFileException named
        ? named
        : new PersistenceFileException(
            file, "cannot open persistence file " + file + ": " + Reasons.of(e), e);
  }

  static PersistenceFile open(
      Path path, Duration interval, MetricStore store, Surroundings surroundings)
      throws IOException {
    Path file = FilePath.checked(path);
    ProcessLock processLock = ProcessLock.acquire(file);
    boolean started = false;
    try {
      PersistenceFile opened =
          new PersistenceFile(file, interval, store, surroundings, processLock);
      opened.start();
      started = true;
      return opened;
    } catch (IOException e) {
      throw naming(file, e);
    } finally {
      if (!started) {
        processLock.close();
      }
    }
  }

  private void start() throws IOException {
    for (String conflict : store.start(this)) {
      LOG.warn("restored, but not exposed: {}", conflict);
    }
    if (log.health().isBroken()) {
      rewrite();
    }
    watchLength();
    if (surroundings.hasThread()) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public CompletionStage<Void> append(Change change) throws IOException {
    return log.append(change);
  }

  /** Why changes cannot be kept at the moment, without a path; empty if they can. */
  public Optional<String> failure() {
    return Optional.ofNullable(log.health().reason())
        .map(reason -> Reasons.withoutPath(reason, path));
  }

  /** The file in numbers. */
  public PersistenceStatus status() {
    return log.status(LiveSize.estimate(store.totals()), droppedRecords);
  }

  private void run() {
    while (!closing) {
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
      // Nobody but close() ends this thread, and it does so by a flag.
      LOG.debug("interrupted", e);
    }
  }

  private void wakeUp() {
    wakeUps.release();
  }

  /** Does what is due: syncs, mends, compacts. Called by one thread at a time. */
  void maintain() {
    keepLock();
    checkUntouched();
    log.probe();
    syncIfDue();
    if (log.health().isBroken()) {
      tryToRewrite("mended");
    } else if (isTooLong()) {
      tryToRewrite("compacted");
    }
    watchLength();
    report();
  }

  /**
   * Takes the lock again if somebody has removed its file. If another gateway has taken it
   * meanwhile, the file is left to that one for good: only a start would read what it has written.
   */
  private void keepLock() {
    if (lockLost) {
      return;
    }
    try {
      processLock.renew();
    } catch (FileInUseException e) {
      lockLost = true;
      log.health().countFailure();
      log.health()
          .markBroken(
              "cannot go on with persistence file "
                  + path
                  + ": another gateway has it, as its lock file was removed; start this one anew");
    } catch (IOException e) {
      LOG.debug("the lock cannot be renewed now", e); // Without a folder nothing is written either.
    }
  }

  private void checkUntouched() {
    if (!lockLost) { // Else it is the other gateway's.
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

  private boolean isTooLong() {
    return log.end() > limit(store.totals());
  }

  /**
   * How long the file may be: shorter than twice its content by so much that even a busy gateway
   * does not write the rest while the compaction runs.
   */
  private long limit(Totals totals) {
    long live = LiveSize.estimate(totals);
    return live + live / 2 + surroundings.slackBytes();
  }

  /** Lets a push wake the thread; if the file is too long by now, it is due at the next tick. */
  private void watchLength() {
    long limit = limit(store.totals());
    log.wakeAt(log.end() > limit ? Long.MAX_VALUE : limit, this::wakeUp);
  }

  private void tryToRewrite(String done) {
    long start = surroundings.nanoTime().getAsLong();
    if (lockLost || start - nextRewriteNanos < 0) {
      return;
    }
    try {
      rewrite();
      LOG.info("persistence file was {}: {} bytes", done, log.end());
      nextRewriteNanos = start;
    } catch (IOException e) {
      if (!closing) {
        LOG.warn("{}", e.getMessage());
      }
      long now = surroundings.nanoTime().getAsLong();
      // Writing a large store in vain must not keep the disk busy.
      nextRewriteNanos = now + Math.max(TICK_NANOS, 4 * (now - start));
    }
  }

  /** Writes the file anew. Called by the thread that maintains, only. */
  void rewrite() throws IOException {
    rewrite(() -> closing);
  }

  private void rewrite(BooleanSupplier stopped) throws IOException {
    new Rewrite(surroundings.disk(), path, log, stopped).run(store);
  }

  /** Logs a failure, and its end, once. */
  private void report() {
    String failure = log.health().reason();
    if (failure != null && !failure.equals(reportedFailure)) {
      LOG.error(
          log.health().isBroken()
              ? "{}; changes are refused until this has passed"
              : "{}; changes that cannot be written either are refused until this has passed",
          failure);
    } else if (failure == null && reportedFailure != null) {
      LOG.info("persistence works again");
    }
    reportedFailure = failure;
  }

  /**
   * Syncs and closes the file, and lets other gateways have it. Changes are refused from now on;
   * those that are on their way are waited for. The second time, nothing happens.
   */
  @Override
  public void close() throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    closing = true;
    wakeUp();
    log.stopAppending();
    joinThread();
    try {
      keepLock();
      checkUntouched();
      if (log.health().isBroken() && !lockLost) {
        rewrite(() -> false);
      }
    } finally {
      try {
        log.close();
      } finally {
        processLock.close();
      }
    }
  }

  /** Gives up the lock and nothing else, as the system does for a process that is killed. */
  void releaseForTest() throws IOException {
    processLock.close();
  }

  private void joinThread() {
    boolean interrupted = false;
    while (thread.isAlive() && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // Leaving it at work would let it write to a file that is closed.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
