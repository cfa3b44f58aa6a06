package dev.pushgateway.persistence;

import dev.pushgateway.change.Change;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.disk.Reasons;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.MetricStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Writes the content of a store into a new file, which then replaces the log's file. Records
 * appended meanwhile are copied. Mends a broken log. Used once, by the maintaining thread or by a
 * change that finds no room. If both need a new file, one waits for the other.
 *
 * <p>The steps, and the result of a crash after each of them:
 *
 * <p>1. The new file is written and synced: the old file remains, and the next start removes the
 * new one.
 *
 * <p>2. The new file is renamed: either file remains. Both hold everything that was acknowledged.
 *
 * <p>3. The folder is synced: the new file remains.
 *
 * <p>Neither changes nor scrapes wait for a rewrite, except during {@link #exchange} at its end.
 */
final class Rewrite {
  /**
   * The maximum number of bytes to copy at the end, while changes wait; this takes about 0.1 ms.
   */
  private static final int SHORT_TAIL_LENGTH = 256 << 10;

  /** The maximum number of copying rounds. Each round is shorter than the one before. */
  private static final int MAX_CATCH_UP_ROUNDS = 16;

  private static final int WRITE_LENGTH = 256 << 10;

  private final Disk disk;
  private final Path path;
  private final Log log;
  private final BooleanSupplier stopped;

  private final long exchangesBefore;

  /**
   * The number of times that the log had broken when the new file was begun. If it breaks later,
   * the copied bytes may differ from the appended ones.
   */
  private int breaksBefore;

  private Cut begin;

  Rewrite(Disk disk, Path path, Log log, BooleanSupplier stopped) {
    this.disk = disk;
    this.path = path;
    this.log = log;
    this.stopped = stopped;
    this.exchangesBefore = log.exchangeCount();
  }

  /** Writes a new file and replaces the log's file by it. */
  void run(MetricStore store) throws IOException {
    try {
      write(store);
    } catch (IOException e) {
      if (!stopped.getAsBoolean()) {
        log.health().countFailure();
      }
      throw new PersistenceFileException(
          path, "cannot rewrite persistence file " + path + ": " + Reasons.of(e), e);
    }
  }

  private void write(MetricStore store) throws IOException {
    try {
      List<Group> groups = store.checkpoint(this::begin);
      boolean isDone = log.exchangeCount() != exchangesBefore && !log.health().isBroken();
      if (!isDone) {
        write(groups);
      }
    } finally {
      if (log.exchanging().isHeldByCurrentThread()) {
        log.exchanging().unlock();
      }
    }
  }

  /**
   * Waits for another thread that writes a new file. That thread needs no lock that this one holds.
   */
  private void begin() {
    log.exchanging().lock();
    breaksBefore = log.health().brokenCount();
    begin = Cut.of(log);
  }

  private void write(List<Group> groups) throws IOException {
    if (log.isEnded()) {
      throw new IOException("the file is closed");
    }
    giveUpNamelessFile();
    try {
      writeFile(groups);
    } catch (IOException e) {
      if (!groups.isEmpty() || !emptyFile()) {
        throw e;
      }
    }
  }

  /**
   * Frees the blocks of a file whose records are not needed, if there is no room for a new one.
   * After a crash during this, the file is either empty, which the next start takes for damaged, or
   * unchanged.
   */
  private boolean emptyFile() throws IOException {
    log.syncQueue().acquire();
    log.writing().lock();
    try {
      LogFile file = log.file();
      boolean isEmptied = file != null && !log.health().isBroken() && log.end() == begin.end();
      if (isEmptied) {
        empty(file);
      }
      return isEmptied;
    } finally {
      log.writing().unlock();
      log.syncQueue().release();
    }
  }

  private void empty(LogFile file) throws IOException {
    try {
      file.empty(begin.lastNumber());
      log.goOnWith(file, begin.lastNumber());
      log.foreignChanges().begin(file);
      log.exchanged(begin.lastNumber());
    } catch (IOException e) {
      log.health().markBroken("cannot empty persistence file " + path + ": " + Reasons.of(e));
      throw e;
    }
  }

  private void writeFile(List<Group> groups) throws IOException {
    Path newPath = Loader.rewritePath(path);
    long firstNumber = begin.lastNumber() - countRecords(groups) + 1;
    LogFile next = LogFile.create(disk, newPath, like(), log.salt(), firstNumber);
    try {
      writeGroups(groups, next, firstNumber);
      Cut copied = catchUp(begin, next);
      next.sync(); // The long sync. Later records are few, so the next sync is short.
      next.note(copied.lastNumber());
      exchange(next, newPath, catchUp(copied, next));
    } finally {
      if (log.file() != next) {
        LogFile.closeQuietly(next);
        LogFile.discard(disk, newPath);
      }
    }
  }

  /**
   * Closes a file that has lost its name, to free its blocks: there may be no room for a new file
   * beside it. No data with a name is lost. If the file has been renamed, it stays there.
   */
  private void giveUpNamelessFile() {
    log.syncQueue().acquire();
    log.writing().lock();
    try {
      LogFile nameless = log.file();
      if (nameless != null && log.health().isBroken() && log.foreignChanges().isNameLost()) {
        log.goOnWith(null, 0);
        log.foreignChanges().forget();
        LogFile.closeQuietly(nameless);
      }
    } finally {
      log.writing().unlock();
      log.syncQueue().release();
    }
  }

  /**
   * Returns the file whose mode, owner and group a new one takes. A foreign file has none to copy.
   */
  private Optional<Path> like() {
    log.writing().lock();
    try {
      return log.foreignChanges().isNameOurs() ? Optional.of(path) : Optional.empty();
    } finally {
      log.writing().unlock();
    }
  }

  /**
   * Returns how many records the groups become. The last one gets the number of the last change.
   */
  private static long countRecords(List<Group> groups) {
    return groups.stream().mapToLong(group -> RestoringChanges.of(group).size()).sum();
  }

  private void writeGroups(List<Group> groups, LogFile target, long firstNumber)
      throws IOException {
    long number = firstNumber;
    RecordBuffer buffer = new RecordBuffer(target.salt());
    for (Group group : groups) {
      for (Change change : RestoringChanges.of(group)) {
        buffer.add(change, number++);
        if (buffer.length() >= WRITE_LENGTH) {
          checkStopped();
          target.append(buffer.bytes(), buffer.length());
          buffer.clear();
        }
      }
    }
    target.append(buffer.bytes(), buffer.length());
  }

  private void checkStopped() throws IOException {
    if (stopped.getAsBoolean()) {
      throw new IOException("the gateway stops");
    }
  }

  /**
   * Copies the records that were appended behind a cut, until few bytes are left.
   *
   * @return the cut up to which records are copied
   */
  private Cut catchUp(Cut from, LogFile target) throws IOException {
    Cut at = from;
    for (int round = 0; round < MAX_CATCH_UP_ROUNDS; round++) {
      Cut now = Cut.of(log);
      if (now.end() - at.end() <= SHORT_TAIL_LENGTH) {
        break;
      }
      checkStopped();
      copy(log.file(), target, at.end(), now.end());
      at = now;
    }
    return at;
  }

  /**
   * Replaces the current file by the new one. Holds the right to sync throughout: no change may be
   * acknowledged after a sync of a file that is about to vanish.
   *
   * @param copied the part of the current file that the new one has, not yet synced
   */
  private void exchange(LogFile next, Path newPath, Cut copied) throws IOException {
    LogFile previous;
    log.syncQueue().acquire();
    try {
      previous = log.file();
      Cut now = Cut.of(log);
      long position = log.appended();
      copy(previous, next, copied.end(), now.end());
      long start = System.nanoTime();
      next.sync();
      keepCopy();
      rename(next, newPath, now.end());
      syncFolder();
      if (!log.health().isBroken()) {
        log.syncQueue().syncedTo(position, System.nanoTime() - start);
        log.exchanged(now.lastNumber());
      }
    } finally {
      log.syncQueue().release();
    }
    if (previous != null) {
      LogFile.closeQuietly(previous);
    }
  }

  private void keepCopy() throws IOException {
    log.writing().lock();
    try {
      log.foreignChanges().detect();
      checkNotBrokenSince();
      log.foreignChanges().keepCopy();
    } finally {
      log.writing().unlock();
    }
  }

  private static void copy(LogFile previous, LogFile next, long from, long to) throws IOException {
    if (previous != null) {
      previous.copyTo(next, from, to);
    }
  }

  /**
   * Copies the records appended during one sync, and renames the file. No change can be appended
   * meanwhile.
   */
  private void rename(LogFile next, Path newPath, long copied) throws IOException {
    ReentrantLock writing = log.writing();
    writing.lock();
    try {
      if (!log.health().isBroken()) {
        log.checkUntouched(); // The copied bytes may differ from the appended ones.
      }
      checkNotBrokenSince();
      copy(log.file(), next, copied, log.end());
      try {
        disk.move(newPath, path);
      } catch (IOException e) {
        // It is unknown whether the rename happened: the current file may have lost its name.
        log.health()
            .markBroken(
                "cannot rename what replaces persistence file " + path + ": " + Reasons.of(e));
        throw e;
      }
      log.goOnWith(next, begin.lastNumber());
      log.foreignChanges().begin(next);
      log.health().markExchanged();
    } finally {
      writing.unlock();
    }
  }

  private void checkNotBrokenSince() throws IOException {
    if (log.health().brokenCount() != breaksBefore) {
      throw new IOException(log.health().reason());
    }
  }

  private void syncFolder() {
    try {
      disk.syncFolder(path.getParent());
    } catch (IOException e) {
      log.health().countFailure();
      log.health()
          .markBroken("cannot sync the folder of persistence file " + path + ": " + Reasons.of(e));
    }
  }

  /**
   * A position in the current file, and the number of a record before it. This is usually the last
   * record, or an earlier one if a record is being appended.
   */
  private record Cut(long lastNumber, long end) {
    static Cut of(Log log) {
      long lastNumber = log.number(); // Read first: a record is written before it is counted.
      return new Cut(lastNumber, log.end());
    }
  }
}
