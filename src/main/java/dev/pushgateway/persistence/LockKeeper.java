package dev.pushgateway.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lock of the persistence file while the gateway runs, though somebody may remove the
 * lock file. If another gateway takes the lock meanwhile, the file is left to that one for good:
 * only a start would read what it has written.
 *
 * <p>For the thread that maintains the log, until that has ended.
 */
final class LockKeeper implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LockKeeper.class);

  private final Path path;
  private final ProcessLock lock;
  private boolean isLost;

  LockKeeper(Path path, ProcessLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Whether another gateway has the file: nothing is written to it any more. */
  boolean isLost() {
    return isLost;
  }

  /** Takes the lock again if its file has been removed; breaks the log if that is too late. */
  void keep(LogHealth health) {
    if (isLost) {
      return;
    }
    try {
      lock.renew();
    } catch (FileInUseException e) {
      isLost = true;
      health.countFailure();
      health.markBroken(
          "cannot go on with persistence file "
              + path
              + ": another gateway has it, as its lock file was removed; start this one anew");
    } catch (IOException e) {
      LOG.debug("the lock cannot be renewed now", e); // Without a folder nothing is written either.
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
