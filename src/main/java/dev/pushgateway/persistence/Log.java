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
 * takes the right that the queue gives. Exchanging it takes a lock of its own ({@link #exchanging})
 * from the beginning, and both others at the end. The monitor, taken last, guards the fields. It is
 * never held while the store or the disk is called: a disk that hangs does not hold up a thread
 * that asks how the log is.
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

  /** Held by a thread that changes the end of the file or puts another in its place. */
  private final ReentrantLock writing = new ReentrantLock();

  private volatile Attendant attendant = Attendant.NONE;

  /** This and all that follows are guarded by the monitor. */
  private LogFile file;

  private long appended;

  /** The number of the last record that was appended, and of the last one on the disk. */
  private long number;

  private long syncedNumber;
  private boolean closed;
  private boolean isEnded;

  /** The number of a wipe that the file has, and groups before it; 0 if it has none. */
  private long wipedNumber;

  private long wakeLength = Long.MAX_VALUE;
  private long exchangeCount;

  /**
   * A log whose file has been read.
   *
   * @param loaded says which file to go on with, if any
   * @param syncsEachChange whether a change is durable only after a sync
   */
  Log(Disk disk, Path path, Loader.Loaded loaded, boolean syncsEachChange, Clock clock, Room room) {
    this.path = path;
    this.room = room;
    this.syncsEachChange = syncsEachChange;
    this.salt = loaded.salt();
    this.file = loaded.file();
    this.number = loaded.lastNumber();
    this.syncedNumber = loaded.lastNumber(); // The loader has synced what it has read.
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
    // Without a sync it is in the page cache, where it survives a crash of this process.
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
   * Looks whether another process has removed or replaced the file, has cut it or made it longer. A
   * record in a file without a name is lost when this process dies. One behind the end would hide a
   * cut until the next start, and leave a hole in the place of records.
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
    checkName();
    syncedUpTo(last);
    return position;
  }

  /** What is synced in a file without a name is lost when this process dies. */
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

  /** Appends to a file with the groups as after a record; {@link #writing} is held. */
  synchronized void goOnWith(LogFile next, long lastNumber) {
    file = next;
    wipedNumber = wipedNumber > lastNumber ? wipedNumber : 0;
    room.lookAgain();
  }

  /** Counts an exchange whose new file has all records up to this one on the disk. */
  void exchanged(long lastNumber) {
    syncedUpTo(lastNumber);
    synchronized (this) {
      exchangeCount++;
    }
  }

  void attendedBy(Attendant newAttendant) {
    attendant = newAttendant;
  }

  /** Wakes the thread that maintains the log, once, when the file is longer than that. */
  synchronized void wakeAt(long fileLength) {
    wakeLength = fileLength;
  }

  /** Returns whether everything was wiped since the file was written. */
  synchronized boolean isWiped() {
    return wipedNumber > 0;
  }

  /**
   * Notices what another process has done to the file; the file is then written again from memory.
   * For the thread that exchanges files.
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

  /** How often another file has taken the place of the one before. */
  synchronized long exchangeCount() {
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
      exchanging.lock(); // A change may be writing a new file.
      syncQueue.acquire();
      try {
        closeFile();
      } finally {
        syncQueue.release();
        exchanging.unlock();
        syncQueue.close(); // Changes that still wait are told so, should the sync have failed.
        syncQueue.awaitEnd();
      }
    }
  }

  /** Returns whether the file has been closed for good: the name may be another gateway's. */
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
