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
 * Writes what a store holds into a new file, which then takes the place of the log's, together with
 * what is appended to the log meanwhile. Mends a broken log. Used once, by the thread that
 * maintains the log or by a change that finds no room: the other one waits.
 *
 * <p>Order of steps, and what a crash leaves: new file written and synced (the old one, and a
 * leftover that the next start removes); renamed (either, and both are complete for everything that
 * has been acknowledged); folder synced (the new one).
 *
 * <p>Neither changes nor scrapes wait for it, except for {@link #exchange} at the end.
 */
final class Rewrite {
  /** What may be left to copy while changes wait when files are exchanged, once; about 0.1 ms. */
  private static final int SHORT_TAIL_LENGTH = 256 << 10;

  /** Each round of copying what has come meanwhile is shorter than the one before. */
  private static final int MAX_CATCH_UP_ROUNDS = 16;

  private static final int WRITE_LENGTH = 256 << 10;

  private final Disk disk;
  private final Path path;
  private final Log log;
  private final BooleanSupplier stopped;

  private final long exchangesBefore;

  /**
   * How often the log had broken before the new file was begun: if it has since, what was copied
   * may not be what was appended.
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

  /** Writes a new file and puts it in place. */
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

  /** Waits for another thread that writes a new file; it needs nothing that this thread has. */
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
   * Gives up the blocks of a file of which nothing is needed, where there is no room for a new one.
   * A crash in between leaves an empty file, which the next start takes for damaged, or all of it.
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
      next.sync(); // The long one; what comes meanwhile is short, and so the next one is, too.
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
   * Closes a file that has lost its name, so that it gives up its blocks: there may be no room for
   * a new one beside it. Nothing is lost that has a name: if somebody has given the file another
   * one, it stays there.
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

  /** A stranger's file says nothing of who may read ours. */
  private Optional<Path> like() {
    log.writing().lock();
    try {
      return log.foreignChanges().isNameOurs() ? Optional.of(path) : Optional.empty();
    } finally {
      log.writing().unlock();
    }
  }

  /** How many records come of groups: they have the numbers up to that of the last change. */
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

  /** Copies what came behind a cut of the current file, until little is left; up to which cut. */
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
   * Puts the new file in the place of the current one. Holds the right to sync throughout: nothing
   * is acknowledged on the strength of a sync of a file that is about to vanish.
   *
   * @param copied what the new file has of the current one; not synced
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

  /** Copies what came during one sync, and renames, while nothing can be appended. */
  private void rename(LogFile next, Path newPath, long copied) throws IOException {
    ReentrantLock writing = log.writing();
    writing.lock();
    try {
      if (!log.health().isBroken()) {
        log.checkUntouched(); // What is copied may not be what was appended.
      }
      checkNotBrokenSince();
      copy(log.file(), next, copied, log.end());
      try {
        disk.move(newPath, path);
      } catch (IOException e) {
        // Whether it was renamed or not is not known: what we append to may have no name any more.
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
   * A place in the current file, and the number of a record that stands before it: the last one, or
   * an earlier one if a record is being appended.
   */
  private record Cut(long lastNumber, long end) {
    static Cut of(Log log) {
      long lastNumber = log.number(); // First: a record is there before it is counted.
      return new Cut(lastNumber, log.end());
    }
  }
}
