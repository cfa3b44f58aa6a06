package dev.pushgateway.persistence;

import dev.pushgateway.change.Change;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.disk.Reasons;
import dev.pushgateway.store.ChangeLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log while the gateway runs: takes changes and syncs them.
 *
 * <p>Positions count the bytes of all records since the start and go on when the file is exchanged.
 * {@link LogHealth} knows how the log is after a failure, {@link SyncQueue} who waits for a sync.
 * {@link Rewrite} puts another file in the place of this one.
 *
 * <p><b>Threads.</b> Writing to the end of the file takes one lock ({@link #writing}), syncing it
 * takes the right that the queue gives, exchanging it takes both. The monitor, taken last, guards
 * the fields. It is never held while the store or the disk is called: a disk that hangs does not
 * hold up a thread that asks how the log is.
 */
final class Log implements ChangeLog, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Log.class);

  private final Path path;
  private final boolean syncsEachChange;
  private final long salt;
  private final LogHealth health = new LogHealth();

  /** For the thread that exchanges the file. */
  private final ForeignChanges foreignChanges;

  private final SyncQueue syncQueue;

  /** Held by a thread that changes the end of the file or exchanges the file. */
  private final ReentrantLock writing = new ReentrantLock();

  /** This and all that follows are guarded by the monitor. */
  private LogFile file;

  private long appended;

  /** The number of the last record that was appended, and of the last one on the disk. */
  private long number;

  private long syncedNumber;
  private boolean closed;
  private Runnable whenLong = () -> {};
  private long wakeLength = Long.MAX_VALUE;
  private long exchangeCount;

  /**
   * A log whose file has been read.
   *
   * @param loaded says which file to go on with, if any
   * @param syncsEachChange whether a change is durable only after a sync
   */
  Log(Disk disk, Path path, Loader.Loaded loaded, boolean syncsEachChange, Clock clock) {
    this.path = path;
    this.syncsEachChange = syncsEachChange;
    this.salt = loaded.salt();
    this.file = loaded.file();
    this.number = loaded.lastNumber();
    this.syncedNumber = loaded.lastNumber(); // The loader has synced what it has read.
    KeptCopies keptCopies = new KeptCopies(disk, path, loaded.asideSuffix());
    this.foreignChanges =
        new ForeignChanges(path, new FileWatch(disk, path), keptCopies, health, clock);
    this.syncQueue = new SyncQueue(this::syncFile, clock);
    if (file == null) {
      health.markBroken("persistence file " + path + " has not been written yet");
    } else {
      foreignChanges.begin(file);
    }
  }

  @Override
  public CompletionStage<Void> append(Change change) throws IOException {
    RecordBuffer record = RecordBuffer.of(change, salt);
    long position;
    writing.lock();
    try {
      LogFile target = writable();
      checkLength(target);
      record.seal(number() + 1);
      write(target, record);
      position = written(target, record.length());
    } finally {
      writing.unlock();
    }
    // Without a sync it is in the page cache, where it survives a crash of this process.
    return syncsEachChange ? syncQueue.whenSynced(position) : DURABLE;
  }

  private synchronized LogFile writable() throws IOException {
    if (closed) {
      throw new IOException("cannot write to persistence file " + path + ": it is closed");
    }
    health.checkNotBroken();
    return file;
  }

  /**
   * Looks whether another process has cut the file or made it longer. A record behind the end would
   * hide a cut until the next start, and leave a hole in the place of records.
   */
  private void checkLength(LogFile target) throws IOException {
    boolean changed;
    try {
      changed = !target.hasItsLength();
    } catch (IOException unknown) {
      return; // To write will fail, too.
    }
    if (changed) {
      foreignChanges.detect();
      wakeUp();
      health.checkNotBroken();
    }
  }

  private synchronized void wakeUp() {
    whenLong.run();
  }

  private void write(LogFile target, RecordBuffer record) throws IOException {
    try {
      target.append(record.bytes(), record.length());
    } catch (IOException e) {
      String reason = "cannot write to persistence file " + path + ": " + Reasons.of(e);
      health.countFailure();
      cut(target, record.length(), reason, e);
      throw new IOException(reason, e);
    }
  }

  private void cut(LogFile target, int length, String reason, IOException cause) {
    try {
      target.cut();
      health.markFailing(reason, length);
    } catch (IOException notEvenThat) {
      cause.addSuppressed(notEvenThat);
      health.markBroken(reason);
    }
  }

  private long written(LogFile target, int length) {
    health.markWritten(length);
    synchronized (this) {
      appended += length;
      number++;
      if (target.end() > wakeLength) {
        wakeLength = Long.MAX_VALUE;
        whenLong.run();
      }
      return appended;
    }
  }

  /** Syncs what has been appended so far, if anything has. */
  void sync() throws IOException {
    if (!health.isBroken()) {
      syncQueue.sync(appended());
    }
  }

  /** Called by one thread at a time, which has the right to sync. */
  private long syncFile() throws IOException {
    LogFile target;
    long position;
    long last;
    synchronized (this) {
      health.checkNotBroken();
      target = file;
      position = appended;
      last = number;
    }
    try {
      target.sync();
    } catch (IOException e) {
      health.countFailure();
      String reason = "cannot sync persistence file " + path + ": " + Reasons.of(e);
      health.markBroken(reason);
      throw new IOException(reason, e);
    }
    syncedUpTo(last);
    return position;
  }

  private synchronized void syncedUpTo(long lastNumber) {
    syncedNumber = Math.max(syncedNumber, lastNumber);
  }

  /**
   * Notes in the file which records are on the disk, if that is not noted yet. The note itself is
   * not synced: if a power loss takes it, the one before it counts.
   */
  void noteSynced() {
    writing.lock();
    try {
      LogFile target = file();
      long synced = syncedNumber();
      if (target != null && !health.isBroken() && target.notedNumber() < synced) {
        target.note(synced);
      }
    } catch (IOException e) {
      health.countFailure(); // It is tried again after the next sync.
      LOG.debug("the note in the persistence file could not be written", e);
    } finally {
      writing.unlock();
    }
  }

  /** Tries whether a failing log could take again what it failed to take. */
  void probe() {
    writing.lock();
    try {
      if (health.isFailing() && !isClosed()) {
        probe(file());
      }
    } finally {
      writing.unlock();
    }
  }

  private void probe(LogFile target) {
    int length = health.probeLength();
    try {
      target.probe(length);
      health.markWritten(length);
    } catch (IOException e) {
      cut(target, length, "cannot write to persistence file " + path + ": " + Reasons.of(e), e);
    }
  }

  /** Appends to another file from now on; called with {@link #writing} held. */
  synchronized void goOnWith(LogFile next) {
    file = next;
  }

  /** Counts an exchange whose new file has all records up to this one on the disk. */
  void exchanged(long lastNumber) {
    syncedUpTo(lastNumber);
    synchronized (this) {
      exchangeCount++;
    }
  }

  /** Calls {@code wakeUp}, once, when the file is longer than {@code fileLength} bytes. */
  synchronized void wakeAt(long fileLength, Runnable wakeUp) {
    wakeLength = fileLength;
    whenLong = wakeUp;
  }

  /**
   * Notices what another process has done to the file; the file is then written again from memory.
   * For the thread that exchanges files.
   */
  void checkUntouched() {
    writing.lock();
    try {
      if (file() != null) {
        foreignChanges.detect();
      }
    } finally {
      writing.unlock();
    }
  }

  long salt() {
    return salt;
  }

  /** Returns the lock that is held while the end of the file changes or the file is exchanged. */
  ReentrantLock writing() {
    return writing;
  }

  SyncQueue syncQueue() {
    return syncQueue;
  }

  ForeignChanges foreignChanges() {
    return foreignChanges;
  }

  LogHealth health() {
    return health;
  }

  /** The current file; {@code null} if there is none. */
  synchronized LogFile file() {
    return file;
  }

  long end() {
    LogFile current = file();
    return current == null ? 0 : current.end();
  }

  synchronized long appended() {
    return appended;
  }

  synchronized long number() {
    return number;
  }

  private synchronized long syncedNumber() {
    return syncedNumber;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  PersistenceStatus status(long liveBytes, long droppedRecords) {
    SyncQueue.Syncs syncs = syncQueue.syncs();
    return new PersistenceStatus(
        end(),
        liveBytes,
        syncs.lastMillis(),
        syncs.lastNanos(),
        syncs.count(),
        exchangeCount(),
        health.failures(),
        foreignChanges.count(),
        droppedRecords,
        health.reason() != null);
  }

  private synchronized long exchangeCount() {
    return exchangeCount;
  }

  /** Refuses further changes; waits for one that is being written. */
  void stopAppending() {
    writing.lock();
    try {
      synchronized (this) {
        closed = true;
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
      syncQueue.acquire();
      try {
        closeFile();
      } finally {
        syncQueue.release();
        syncQueue.close(); // Changes that still wait are told so, should the sync have failed.
        syncQueue.awaitEnd();
      }
    }
  }

  private void closeFile() throws IOException {
    LogFile closing = file();
    if (closing != null) {
      noteSynced();
      goOnWith(null);
      if (!health.isBroken()) { // Else it may be another gateway's by now.
        finish(closing);
        health.markBroken("cannot write to persistence file " + path + ": it is closed");
      }
      closing.close();
    }
  }

  private static void finish(LogFile closing) {
    try {
      closing.sync(); // Of the note; the records have been synced.
    } catch (IOException noteLost) {
      // An older note counts.
    }
  }
}
