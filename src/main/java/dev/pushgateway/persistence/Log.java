package dev.pushgateway.persistence;

import dev.pushgateway.store.Change;
import dev.pushgateway.store.ChangeLog;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.MetricStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The log while the gateway runs: takes changes, syncs them, is rewritten.
 *
 * <p>Positions count the bytes of all records since the start and go on when the file is exchanged.
 *
 * <pre>
 *   sound ──append fails, the file can be cut──► failing ──append or probe succeeds──► sound
 *     │                                             │
 *     └── cut, sync or exchange of files fails ─────┴──► broken ──rewrite succeeds──► sound
 * </pre>
 *
 * <p>While it is failing each push tries again. While it is broken nothing is appended, for nobody
 * knows any more what the file holds: after a failed sync, the system may have dropped what it
 * could not write and say so only once. What the store holds is then written into a new file.
 *
 * <p><b>Threads.</b> One lock guards all fields; nobody calls the store or the disk with it in
 * hand, so that a disk that hangs does not hold up who asks how the log is. Writing to the end of
 * the file takes a lock of its own ({@link #writing}), before that one. One thread at a time may
 * sync ({@link #syncing}), without either: others that wait for a sync share it, or the next.
 * Exchanging the files takes that right, too, so that nothing is acknowledged on the strength of a
 * sync of a file that is about to vanish.
 */
final class Log implements ChangeLog, Closeable {
  /** What may be left to copy while changes wait when files are exchanged, once; about 0.1 ms. */
  private static final int SHORT_TAIL_LENGTH = 256 << 10;

  /** Each round of copying what has come meanwhile is shorter than the one before. */
  private static final int MAX_CATCH_UP_ROUNDS = 16;

  private static final int WRITE_LENGTH = 256 << 10;
  private static final int MIN_PROBE_LENGTH = 4096;
  private static final int MAX_PROBE_LENGTH = 1 << 20;

  private final Disk disk;
  private final Path path;
  private final boolean syncsEachChange;
  private final Clock clock;
  private final long salt;

  /** Held by who changes the end of the file, or exchanges the file. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Guarded by {@link #writing}. */
  private final RecordBuffer records;

  /** Guards all that follows. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();

  private LogFile file;
  private String asideSuffix;
  private long appended;
  private long synced;
  private boolean syncing;
  private boolean closed;

  /** Why the log is failing or broken; {@code null} if it is sound. */
  private String failure;

  private boolean broken;

  /** How often the log broke, to notice it across a time without the lock. */
  private int breaks;

  private int failedLength;
  private Runnable whenLong = () -> {};
  private long wakeLength = Long.MAX_VALUE;

  private long syncCount;
  private long failureCount;
  private long rewriteCount;
  private long lastSyncMillis;
  private long lastSyncNanos;

  /**
   * A log whose file has been read.
   *
   * @param loaded says which file to go on with, if any
   * @param syncsEachChange whether {@link #awaitDurable} waits for a sync
   */
  Log(Disk disk, Path path, Loader.Loaded loaded, boolean syncsEachChange, Clock clock) {
    this.disk = disk;
    this.path = path;
    this.syncsEachChange = syncsEachChange;
    this.clock = clock;
    this.salt = loaded.salt();
    this.file = loaded.file();
    this.asideSuffix = loaded.asideSuffix();
    this.records = new RecordBuffer(salt);
    this.lastSyncMillis = clock.millis();
    if (file == null) {
      broken = true;
      failure = "persistence file " + path + " has not been written yet";
    }
  }

  @Override
  public long append(Change change) throws IOException {
    writing.lock();
    try {
      LogFile target = writable();
      records.clear();
      records.add(change);
      write(target);
      return written(target);
    } finally {
      writing.unlock();
    }
  }

  private LogFile writable() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("persistence file " + path + " is closed");
      }
      if (broken) {
        throw new IOException(failure);
      }
      return file;
    } finally {
      lock.unlock();
    }
  }

  private void write(LogFile target) throws IOException {
    try {
      target.append(records.bytes(), records.length());
    } catch (IOException e) {
      String reason = "cannot write to persistence file " + path + ": " + Reasons.of(e);
      boolean cut = cut(target, e);
      lock.lock();
      try {
        failedLength = records.length();
        failureCount++;
        failed(reason, cut);
      } finally {
        lock.unlock();
      }
      throw new IOException(reason, e);
    }
  }

  /** Removes what a failed write has left; whether that was possible. */
  private static boolean cut(LogFile target, IOException cause) {
    try {
      target.cut();
      return true;
    } catch (IOException notEvenThat) {
      cause.addSuppressed(notEvenThat);
      return false;
    }
  }

  private void failed(String reason, boolean cut) {
    if (!cut) {
      broke(reason);
    } else if (!broken) { // A sync may have broken it meanwhile.
      failure = reason;
    }
  }

  private long written(LogFile target) {
    lock.lock();
    try {
      if (!broken) { // If a sync has broken it meanwhile, this is as if it had been written before.
        failure = null;
      }
      appended += records.length();
      if (target.end() > wakeLength) {
        wakeLength = Long.MAX_VALUE;
        whenLong.run();
      }
      return appended;
    } finally {
      lock.unlock();
    }
  }

  private void broke(String reason) {
    broken = true;
    breaks++;
    failure = reason;
    changed.signalAll();
  }

  @Override
  public void awaitDurable(long position) throws IOException {
    if (!syncsEachChange) {
      return; // It is in the page cache, where a crash of this process cannot reach it.
    }
    lock.lock();
    try {
      while (synced < position) {
        if (syncing) {
          changed.awaitUninterruptibly();
        } else if (broken) {
          throw new IOException(failure);
        } else {
          syncNow();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Syncs what has been appended so far, if anything has. */
  void sync() throws IOException {
    lock.lock();
    try {
      awaitSyncing();
      if (synced < appended && !broken) {
        syncNow();
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitSyncing() {
    while (syncing) {
      changed.awaitUninterruptibly();
    }
  }

  /** Called with the lock, which it gives up meanwhile, while nobody is syncing. */
  private void syncNow() throws IOException {
    syncing = true;
    long position = appended;
    LogFile target = file;
    long start = System.nanoTime();
    IOException failed = null;
    lock.unlock();
    try {
      target.sync();
    } catch (IOException e) {
      failed = e;
    } finally {
      lock.lock();
      syncing = false;
      changed.signalAll();
    }
    if (failed != null) {
      failureCount++;
      broke("cannot sync persistence file " + path + ": " + Reasons.of(failed));
      throw new IOException(failure, failed);
    }
    syncedTo(position, System.nanoTime() - start);
  }

  private void syncedTo(long position, long nanos) {
    synced = Math.max(synced, position);
    syncCount++;
    lastSyncMillis = clock.millis();
    lastSyncNanos = nanos;
  }

  /** Tries whether a failing log could take again what it failed to take. */
  void probe() {
    writing.lock();
    try {
      if (isFailing()) {
        probe(file());
      }
    } finally {
      writing.unlock();
    }
  }

  private boolean isFailing() {
    lock.lock();
    try {
      return failure != null && !broken && !closed;
    } finally {
      lock.unlock();
    }
  }

  private void probe(LogFile target) {
    int length = Math.max(MIN_PROBE_LENGTH, Math.min(failedLength, MAX_PROBE_LENGTH));
    String reason = null;
    boolean cut = true;
    try {
      target.probe(length);
    } catch (IOException e) {
      reason = "cannot write to persistence file " + path + ": " + Reasons.of(e);
      cut = cut(target, e);
    }
    lock.lock();
    try {
      failed(reason, cut);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes what the store holds into a new file, which then takes the place of the old one,
   * together with what is appended to the old one meanwhile. Mends a broken log.
   *
   * <p>Order of steps, and what a crash leaves: new file written and synced (the old one, and a
   * leftover that the next start removes); renamed (either, and both are complete for everything
   * that has been acknowledged); folder synced (the new one).
   *
   * @param stopped whether to give up
   * @return how many bytes the state of the store took
   */
  long rewrite(MetricStore store, BooleanSupplier stopped) throws IOException {
    Path newPath = Loader.rewritePath(path);
    int breaksBefore = breaks();
    LogFile next = LogFile.create(disk, newPath, salt);
    boolean exchanged = false;
    try {
      long[] cut = new long[1];
      List<Group> groups = store.checkpoint(() -> cut[0] = end());
      writeGroups(groups, next, stopped);
      long length = next.end();
      long copied = catchUp(cut[0], next, stopped);
      next.sync(); // The long one; what comes meanwhile is short, and so the next one is, too.
      copied = catchUp(copied, next, stopped);
      exchange(next, newPath, copied, breaksBefore);
      exchanged = true;
      return length;
    } catch (IOException e) {
      if (!stopped.getAsBoolean()) {
        countFailure();
      }
      throw new IOException("cannot rewrite persistence file " + path + ": " + Reasons.of(e), e);
    } finally {
      if (!exchanged) {
        discard(next, newPath);
      }
    }
  }

  private static void writeGroups(List<Group> groups, LogFile target, BooleanSupplier stopped)
      throws IOException {
    RecordBuffer buffer = new RecordBuffer(target.salt());
    for (Group group : groups) {
      for (Change change : GroupChanges.of(group)) {
        buffer.add(change);
        if (buffer.length() >= WRITE_LENGTH) {
          checkStopped(stopped);
          target.append(buffer.bytes(), buffer.length());
          buffer.clear();
        }
      }
    }
    target.append(buffer.bytes(), buffer.length());
  }

  private static void checkStopped(BooleanSupplier stopped) throws IOException {
    if (stopped.getAsBoolean()) {
      throw new IOException("the gateway stops");
    }
  }

  /**
   * Copies what came behind an offset of the current file, until little is left; to which offset.
   */
  private long catchUp(long from, LogFile target, BooleanSupplier stopped) throws IOException {
    long at = from;
    for (int round = 0; round < MAX_CATCH_UP_ROUNDS; round++) {
      long end = end();
      if (end - at <= SHORT_TAIL_LENGTH) {
        break;
      }
      checkStopped(stopped);
      file().copyTo(target, at, end);
      at = end;
    }
    return at;
  }

  /** Puts a new file in the place of the current one. */
  private void exchange(LogFile next, Path newPath, long copied, int breaksBefore)
      throws IOException {
    LogFile previous;
    long end;
    long position;
    lock.lock();
    try {
      awaitSyncing();
      syncing = true;
      previous = file;
      end = end();
      position = appended;
    } finally {
      lock.unlock();
    }
    try {
      if (previous != null) {
        previous.copyTo(next, copied, end);
      }
      long start = System.nanoTime();
      next.sync();
      keepAside();
      rename(next, newPath, end, breaksBefore);
      syncFolder();
      succeeded(position, System.nanoTime() - start);
    } finally {
      endSyncing();
    }
    if (previous != null) {
      closeQuietly(previous);
    }
  }

  private void endSyncing() {
    lock.lock();
    try {
      syncing = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Copies what came during one sync, and renames. */
  private void rename(LogFile next, Path newPath, long copied, int breaksBefore)
      throws IOException {
    writing.lock();
    try {
      LogFile previous = file();
      if (breaks() != breaksBefore) {
        throw new IOException(failure());
      }
      if (previous != null) {
        previous.copyTo(next, copied, previous.end());
      }
      try {
        disk.move(newPath, path);
      } catch (IOException e) {
        // Whether it was renamed or not is not known: what we append to may have no name any more.
        breakWith("cannot rename " + newPath + ": " + Reasons.of(e));
        throw e;
      }
      goOnWith(next);
    } finally {
      writing.unlock();
    }
  }

  private void goOnWith(LogFile next) {
    lock.lock();
    try {
      file = next;
      broken = false;
      failure = null;
    } finally {
      lock.unlock();
    }
  }

  private void breakWith(String reason) {
    lock.lock();
    try {
      broke(reason);
    } finally {
      lock.unlock();
    }
  }

  private void syncFolder() {
    IOException failed = null;
    try {
      disk.syncFolder(path.getParent());
    } catch (IOException e) {
      failed = e;
    }
    if (failed != null) {
      lock.lock();
      try {
        failureCount++;
        broke("cannot sync the folder of persistence file " + path + ": " + Reasons.of(failed));
      } finally {
        lock.unlock();
      }
    }
  }

  private void succeeded(long position, long nanos) {
    lock.lock();
    try {
      if (!broken) {
        syncedTo(position, nanos);
        rewriteCount++;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the file that is to be replaced, if it has something that the new one has not. */
  private void keepAside() throws IOException {
    if (asideSuffix == null) {
      return;
    }
    Path target = path.resolveSibling(path.getFileName() + asideSuffix);
    for (int number = 2; disk.exists(target); number++) {
      target = path.resolveSibling(path.getFileName() + asideSuffix + "-" + number);
    }
    disk.keep(path, target);
    disk.syncFolder(path.getParent());
    asideSuffix = null;
  }

  private void discard(LogFile next, Path newPath) {
    lock.lock();
    try {
      if (file == next) {
        return;
      }
    } finally {
      lock.unlock();
    }
    closeQuietly(next);
    try {
      disk.delete(newPath);
    } catch (IOException leftOver) {
      // The next rewrite or the next start removes it.
    }
  }

  private static void closeQuietly(LogFile file) {
    try {
      file.close();
    } catch (IOException nothingLost) {
      // Its content is in the file that has taken its place.
    }
  }

  /** Lets somebody know, once, when the file is longer than so many bytes. */
  void wakeAt(long fileLength, Runnable wakeUp) {
    lock.lock();
    try {
      wakeLength = fileLength;
      whenLong = wakeUp;
    } finally {
      lock.unlock();
    }
  }

  /** Notices if somebody has removed the file, so that it is written again. */
  void checkPresent() {
    boolean present = disk.exists(path);
    lock.lock();
    try {
      if (!broken && !closed && !present) {
        failureCount++;
        broke("persistence file " + path + " was removed");
      }
    } finally {
      lock.unlock();
    }
  }

  /** The length of the current file. */
  long end() {
    lock.lock();
    try {
      return file == null ? 0 : file.end();
    } finally {
      lock.unlock();
    }
  }

  private LogFile file() {
    lock.lock();
    try {
      return file;
    } finally {
      lock.unlock();
    }
  }

  private int breaks() {
    lock.lock();
    try {
      return breaks;
    } finally {
      lock.unlock();
    }
  }

  private void countFailure() {
    lock.lock();
    try {
      failureCount++;
    } finally {
      lock.unlock();
    }
  }

  /** Why changes cannot be kept at the moment; {@code null} if they can. */
  String failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  boolean isBroken() {
    lock.lock();
    try {
      return broken;
    } finally {
      lock.unlock();
    }
  }

  /** What there is to say of the log in numbers. */
  PersistenceStatus status(long liveBytes, long droppedRecords) {
    lock.lock();
    try {
      return new PersistenceStatus(
          file == null ? 0 : file.end(),
          liveBytes,
          lastSyncMillis,
          lastSyncNanos,
          syncCount,
          rewriteCount,
          failureCount,
          droppedRecords,
          failure != null);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses further changes; waits for one that is being written. */
  void stopAppending() {
    writing.lock();
    try {
      lock.lock();
      try {
        closed = true;
      } finally {
        lock.unlock();
      }
    } finally {
      writing.unlock();
    }
  }

  /** Syncs what is appended and closes the file; the second time, nothing. */
  @Override
  public void close() throws IOException {
    stopAppending();
    try {
      sync();
    } finally {
      lock.lock();
      try {
        awaitSyncing();
        if (file != null) {
          file.close();
          file = null;
          // Whoever still waits is told so, should the sync have failed.
          broken = true;
          failure = failure == null ? "persistence file " + path + " is closed" : failure;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
