package dev.pushgateway.persistence;

import dev.pushgateway.change.Change;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.disk.Reasons;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.MetricStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Writes what a store holds into a new file, which then takes the place of the log's, together with
 * what is appended to the log meanwhile. Mends a broken log. Used once, by the thread that
 * maintains the log.
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

  /**
   * How often the log had broken before the new file was begun: if it has since, what was copied
   * may not be what was appended.
   */
  private final int breaksBefore;

  Rewrite(Disk disk, Path path, Log log, BooleanSupplier stopped) {
    this.disk = disk;
    this.path = path;
    this.log = log;
    this.stopped = stopped;
    this.breaksBefore = log.health().brokenCount();
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
    Path newPath = Loader.rewritePath(path);
    Cut[] cut = new Cut[1];
    List<Group> groups = store.checkpoint(() -> cut[0] = Cut.of(log));
    long firstNumber = cut[0].lastNumber() - countRecords(groups) + 1;
    LogFile next = LogFile.create(disk, newPath, path, log.salt(), firstNumber);
    try {
      writeGroups(groups, next, firstNumber);
      Cut copied = catchUp(cut[0], next);
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
      log.file().copyTo(target, at.end(), now.end());
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
      log.checkUntouched();
      checkNotBrokenSince();
      log.foreignChanges().keepCopy();
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
      log.goOnWith(next);
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
