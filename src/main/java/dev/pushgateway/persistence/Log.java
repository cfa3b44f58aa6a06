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
 * The log of a running gateway: appends changes to its file and syncs them.
 *
 * <p>Positions count the bytes of all records since the start, across all files. {@link LogHealth}
 * holds the state after a failure, {@link SyncQueue} the changes that wait for a sync. {@link
 * Rewrite} replaces the file by a new one.
 *
 * <p><b>Threads.</b> Writing to the end of the file takes the lock {@link #writing}. Syncing takes
 * the right from the queue. Replacing the file takes {@link #exchanging} from the start, and both
 * others at the end. The monitor, taken last, guards the fields. It is never held during calls of
 * store or disk. A disk that hangs therefore never blocks a query of the log's state.
 *
 * <pre>
 *   order of locks   changes of the store → exchanging → right to sync → writing → monitor
 * </pre>
 */
final class Log implements ChangeLog, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Log.class);

  private final Path path;
  private final boolean syncsEachChange;
  private final long salt;
  private final Room room;
  private final LogHealth health = new LogHealth();

  /** Guarded by {@link #writing}. */
  private final ForeignChanges foreignChanges;

  private final SyncQueue syncQueue;

  /** Held by a thread that writes a new file, or closes the file. */
  private final ReentrantLock exchanging = new ReentrantLock();

  /** Held by a thread that changes the end of the file or replaces the file. */
  private final ReentrantLock writing = new ReentrantLock();

  private volatile Attendant attendant = Attendant.NONE;

  /** The monitor guards this field and all that follow. */
  private LogFile file;

  private long appended;

  /** The numbers of the last record appended, and of the last one on the disk. */
  private long number;

  private long syncedNumber;
  private boolean closed;
  private boolean isEnded;

  /** The number of a wipe behind groups that are still in the file; 0 if there is none. */
  private long wipedNumber;

  private long wakeLength = Long.MAX_VALUE;
  private long exchangeCount;

  /**
   * Creates a log whose file has been read.
   *
   * @param loaded has the file to append to, if there is one
   * @param syncsEachChange whether a change is durable only after a sync
   */
  Log(Disk disk, Path path, Loader.Loaded loaded, boolean syncsEachChange, Clock clock, Room room) {
    this.path = path;
    this.room = room;
    this.syncsEachChange = syncsEachChange;
    this.salt = loaded.salt();
    this.file = loaded.file();
    this.number = loaded.lastNumber();
    this.syncedNumber = loaded.lastNumber(); // The loader has synced them.
    KeptCopies keptCopies = new KeptCopies(disk, path, loaded.asideSuffix());
    this.foreignChanges =
        new ForeignChanges(
            path, new FileWatch(disk, path), keptCopies, health, clock, loaded.isOurs());
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
    makeRoom(change, record.length());
    long position;
    try {
      position = append(change, record);
    } catch (IOException e) {
      if (!attendant.rewrite()) {
        throw e;
      }
      position = append(change, record);
    }
    // Without a sync, the page cache holds it, which survives a crash of this process.
    return syncsEachChange ? syncQueue.whenSynced(position) : DURABLE;
  }

  private void makeRoom(Change change, int length) throws IOException {
    if (!room.make(change, length, this::end, attendant)) {
      String reason =
          "cannot write to persistence file " + path + ": its volume has no room for a compaction";
      health.countFailure();
      health.markFailing(reason, length);
      throw new IOException(reason);
    }
  }

  private long append(Change change, RecordBuffer record) throws IOException {
    writing.lock();
    try {
      LogFile target = writable();
      checkLooksUntouched();
      record.seal(number() + 1);
      write(target, record);
      return written(target, change, record.length());
    } finally {
      writing.unlock();
    }
  }

  private synchronized LogFile writable() throws IOException {
    if (closed) {
      throw new IOException("cannot write to persistence file " + path + ": it is closed");
    }
    health.checkNotBroken();
    return file;
  }

  /**
   * Checks whether another process has removed, replaced, cut or extended the file. A record in a
   * file without a name is lost when this process dies. A record behind the end of a cut file would
   * leave a hole, and hide the cut until the next start.
   */
  private void checkLooksUntouched() throws IOException {
    if (foreignChanges.looksTouched()) {
      detectForeignChange();
      health.checkNotBroken();
    }
  }

  private void detectForeignChange() {
    foreignChanges.detect();
    if (health.isBroken()) {
      attendant.wakeUp();
    }
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

  private long written(LogFile target, Change change, int length) {
    health.markWritten(length);
    synchronized (this) {
      appended += length;
      number++;
      wipedNumber = change instanceof Change.Wiped ? number : wipedNumber;
      if (wipedNumber == number || target.end() > wakeLength) {
        wakeLength = Long.MAX_VALUE;
        attendant.wakeUp();
      }
      return appended;
    }
  }

  /** Syncs all appended changes. */
  void sync() throws IOException {
    if (!health.isBroken()) {
      syncQueue.sync(appended());
    }
  }

  /** Syncs the file. The calling thread has the right to sync. */
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
    checkName();
    syncedUpTo(last);
    return position;
  }

  /** Checks that the synced file has its name: otherwise its records are lost with this process. */
  private void checkName() throws IOException {
    if (!foreignChanges.isSurelyUnderItsName()) {
      writing.lock();
      try {
        detectForeignChange();
      } finally {
        writing.unlock();
      }
      health.checkNotBroken();
    }
  }

  private synchronized void syncedUpTo(long lastNumber) {
    syncedNumber = Math.max(syncedNumber, lastNumber);
  }

  /**
   * Notes in the file which records are on the disk. The note itself is not synced. If a power loss
   * destroys it, the earlier note counts.
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
      health.countFailure(); // The next sync tries again.
      LOG.debug("the note in the persistence file could not be written", e);
    } finally {
      writing.unlock();
    }
  }

  /** Tests whether a failing log can write again, as much as it failed to write. */
  void probe() {
    writing.lock();
    try {
      int length = health.probeLength();
      if (health.isFailing() && !isClosed() && room.hasFor(length)) {
        probe(file(), length);
      }
    } finally {
      writing.unlock();
    }
  }

  private void probe(LogFile target, int length) {
    try {
      target.probe(length);
      health.markWritten(length);
    } catch (IOException e) {
      cut(target, length, "cannot write to persistence file " + path + ": " + Reasons.of(e), e);
    }
  }

  /** Continues with a file with the groups after a record. Needs {@link #writing}. */
  synchronized void goOnWith(LogFile next, long lastNumber) {
    file = next;
    wipedNumber = wipedNumber > lastNumber ? wipedNumber : 0;
    room.lookAgain();
  }

  /** Counts a new file that has all records up to a number on the disk. */
  void exchanged(long lastNumber) {
    syncedUpTo(lastNumber);
    synchronized (this) {
      exchangeCount++;
    }
  }

  void attendedBy(Attendant newAttendant) {
    attendant = newAttendant;
  }

  /** Wakes the maintaining thread once, when the file is longer than this. */
  synchronized void wakeAt(long fileLength) {
    wakeLength = fileLength;
  }

  /** Returns whether a wipe was recorded since the file was written. */
  synchronized boolean isWiped() {
    return wipedNumber > 0;
  }

  /**
   * Detects changes by another process. The file is then rewritten from memory. For the maintaining
   * thread.
   */
  void checkUntouched() {
    writing.lock();
    try {
      foreignChanges.detect();
    } finally {
      writing.unlock();
    }
  }

  long salt() {
    return salt;
  }

  /** Returns the lock that is held while a new file is written, until it has the name. */
  ReentrantLock exchanging() {
    return exchanging;
  }

  /** Returns the lock that is held while the end of the file changes or the file is replaced. */
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

  /** Returns the current file; {@code null} if there is none. */
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

  /** Returns how often a new file has replaced the old one. */
  synchronized long exchangeCount() {
    return exchangeCount;
  }

  /** Refuses further changes. Waits for a change that is being written. */
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

  /** Syncs all changes and closes the file. A second call does nothing. */
  @Override
  public void close() throws IOException {
    stopAppending();
    try {
      sync();
    } finally {
      exchanging.lock(); // A change may be writing a new file.
      syncQueue.acquire();
      try {
        closeFile();
      } finally {
        syncQueue.release();
        exchanging.unlock();
        syncQueue.close(); // Fails changes that still wait, if the sync failed.
        syncQueue.awaitEnd();
      }
    }
  }

  /** Returns whether the file is closed for good. Another gateway may use the name then. */
  synchronized boolean isEnded() {
    return isEnded;
  }

  private void closeFile() throws IOException {
    LogFile closing = file();
    synchronized (this) {
      isEnded = true;
    }
    if (closing != null) {
      noteSynced();
      goOnWith(null, number());
      if (!health.isBroken()) { // Otherwise, it may be another gateway's.
        finish(closing);
        health.markBroken("cannot write to persistence file " + path + ": it is closed");
      }
      closing.close();
    }
  }

  private static void finish(LogFile closing) {
    try {
      closing.sync(); // Syncs the note; the records are synced.
    } catch (IOException noteLost) {
      // An older note counts.
    }
  }
}
