package dev.pushgateway.persistence;

import dev.pushgateway.disk.Disk;
import dev.pushgateway.disk.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts a new file in the place of the one that a log appends to, and mends the log. Used once, by
 * the thread that maintains the log.
 *
 * <p>It holds the right to sync throughout: nothing is acknowledged on the strength of a sync of a
 * file that is about to vanish. It holds the lock on the end of the file while it renames.
 */
final class FileExchange {
  private final Disk disk;
  private final Path path;
  private final Log log;
  private final int breaksBefore;

  /**
   * An exchange.
   *
   * @param breaksBefore how often the log had broken before the new file was begun: if it has
   *     since, what was copied may not be what was appended
   */
  FileExchange(Disk disk, Path path, Log log, int breaksBefore) {
    this.disk = disk;
    this.path = path;
    this.log = log;
    this.breaksBefore = breaksBefore;
  }

  /**
   * Exchanges the file.
   *
   * @param next has all that the current one has before {@code copied}; not synced
   */
  void run(LogFile next, Path newPath, long copied) throws IOException {
    LogFile previous;
    log.syncQueue().acquire();
    try {
      previous = log.file();
      long number = log.number();
      long end = log.end(); // Not before the number: what is copied then has that record.
      long position = log.appended();
      if (previous != null) {
        previous.copyTo(next, copied, end);
      }
      long start = System.nanoTime();
      next.sync();
      log.checkUntouched();
      checkNotBrokenSince();
      log.foreignChanges().keepCopy();
      rename(next, newPath, end);
      syncFolder();
      if (!log.health().isBroken()) {
        log.syncQueue().syncedTo(position, System.nanoTime() - start);
        log.exchanged(number);
      }
    } finally {
      log.syncQueue().release();
    }
    if (previous != null) {
      LogFile.closeQuietly(previous);
    }
  }

  /** Copies what came during one sync, and renames. */
  private void rename(LogFile next, Path newPath, long copied) throws IOException {
    ReentrantLock writing = log.writing();
    writing.lock();
    try {
      LogFile previous = log.file();
      if (!log.health().isBroken()) {
        log.checkUntouched(); // What is copied may not be what was appended.
      }
      checkNotBrokenSince();
      if (previous != null) {
        previous.copyTo(next, copied, previous.end());
      }
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
}
