package dev.pushgateway.persistence;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.disk.LocalDisk;
import dev.pushgateway.disk.Reasons;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.telemetry.OwnMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The persistence file of a gateway. The package documentation says which failures it survives. The
 * {@link Log} appends the changes, and {@link Maintenance} maintains the log.
 */
public final class PersistenceFile implements Persistence {
  private static final Logger LOG = LoggerFactory.getLogger(PersistenceFile.class);

  /** The minimum number of bytes above the length of the content at which a file is compacted. */
  static final long COMPACTION_SLACK_BYTES = 64L << 20;

  /**
   * The surroundings that tests replace.
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
  private final ProcessLock lock;
  private final Room room;
  private final Log log;
  private final Maintenance maintenance;
  private final long droppedRecords;
  private final Set<GroupingKey> mixedGroups;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PersistenceFile(
      Path path, Duration interval, MetricStore store, Surroundings surroundings, ProcessLock lock)
      throws IOException {
    this.path = path;
    this.store = store;
    this.lock = lock;
    Replay replay = new Replay(store);
    Loader.Loaded loaded =
        new Loader(surroundings.disk(), path, surroundings.clock(), replay).load();
    this.mixedGroups = replay.mixed();
    this.droppedRecords = loaded.droppedRecords();
    this.room = new Room(surroundings.disk(), path, store);
    this.log =
        new Log(surroundings.disk(), path, loaded, interval.isZero(), surroundings.clock(), room);
    this.maintenance = new Maintenance(path, interval, store, surroundings, log, lock, room);
  }

  /**
   * Returns a file that can be opened.
   *
   * @param interval how long a change may stay unsynced; zero for a sync before each answer
   */
  public static Source source(Path path, Duration interval) {
    return new Source() {
      @Override
      public void check() throws IOException {
        PersistenceFile.check(path);
      }

      @Override
      public Persistence open(MetricStore store) throws IOException {
        return PersistenceFile.open(path, interval, store);
      }
    };
  }

  /** Opens or creates the file, see {@link Source#open}. Imports a file of the Go Pushgateway. */
  static PersistenceFile open(Path path, Duration interval, MetricStore store) throws IOException {
    return open(path, interval, store, Surroundings.real());
  }

  static PersistenceFile open(
      Path path, Duration interval, MetricStore store, Surroundings surroundings)
      throws IOException {
    Path file = FilePath.checked(path);
    ProcessLock lock = ProcessLock.acquire(file);
    boolean started = false;
    try {
      PersistenceFile opened = new PersistenceFile(file, interval, store, surroundings, lock);
      opened.start();
      started = true;
      return opened;
    } catch (IOException e) {
      throw naming(file, e);
    } finally {
      if (!started) {
        lock.close();
      }
    }
  }

  private void start() throws IOException {
    for (String conflict : store.start(log)) {
      LOG.warn("restored, but set aside: {}; delete one of the two groups", conflict);
    }
    for (GroupingKey key : mixedGroups) {
      LOG.warn("group {} may mix two pushes: a record between them is missing", key);
    }
    maintenance.start();
  }

  static void check(Path path) throws IOException {
    check(path, new LocalDisk());
  }

  static void check(Path path, Disk disk) throws IOException {
    Path file = FilePath.checked(path);
    ProcessLock lock = ProcessLock.acquire(file);
    try {
      new Loader(disk, file, Clock.systemUTC(), change -> {}).check();
    } catch (IOException e) {
      throw naming(file, e);
    } finally {
      lock.close();
    }
  }

  private static PersistenceFileException naming(Path file, IOException e) {
    return e instanceof PersistenceFileException named
        ? named
        : new PersistenceFileException(
            file, "cannot open persistence file " + file + ": " + Reasons.of(e), e);
  }

  @Override
  public Optional<String> failure() {
    return Optional.ofNullable(log.health().reason())
        .map(reason -> Reasons.withoutPath(reason, path));
  }

  @Override
  public void registerMetrics(OwnMetrics metrics) {
    PersistenceMetrics.register(metrics, this::status);
  }

  /** Returns the file's figures. */
  PersistenceStatus status() {
    return PersistenceStatus.of(log, LiveSize.estimate(store.totals()), droppedRecords, room);
  }

  /** Returns the groups that were restored in a state that may never have been pushed. */
  Set<GroupingKey> mixedGroups() {
    return mixedGroups;
  }

  /** Does the work that is due, if there is no thread for it. */
  void maintain() {
    maintenance.maintain();
  }

  /** Rewrites the file. Only the maintaining thread may call this. */
  void rewrite() throws IOException {
    maintenance.writeAnew();
  }

  @Override
  public void close() throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    log.stopAppending();
    try {
      maintenance.stop();
    } finally {
      try {
        log.close();
      } finally {
        lock.close();
      }
    }
  }

  /** Releases the lock only, as the system does when a process is killed. */
  void releaseForTest() throws IOException {
    lock.close();
  }
}
