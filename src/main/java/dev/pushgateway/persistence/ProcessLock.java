package dev.pushgateway.persistence;

import dev.pushgateway.disk.LocalDisk;
import dev.pushgateway.disk.Reasons;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second gateway away from a persistence file.
 *
 * <p>The lock is on an empty file of its own beside it, since compaction puts a new file in place
 * of the old one. It is never removed: somebody may be about to lock it. If a stranger removes it,
 * a second gateway could lock a new one; so {@link #keep} looks after it. If another gateway takes
 * the lock meanwhile, the file is left to that one for good: only a start would read what it has
 * written. The system gives up the lock of a process that dies.
 *
 * <p>POSIX gives up the locks of a process on a file as soon as it closes any channel to it: a
 * second gateway in the same process must not even try. Class loaders keep the web applications of
 * a container apart, but all see the same system properties; so one of them says who has the lock.
 *
 * <p>For the thread that maintains the log, until that has ended.
 */
final class ProcessLock implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLock.class);
  private static final LocalDisk DISK = new LocalDisk();

  private final Path persistenceFile;
  private LocalDisk.LocalHandle handle;

  /** Tells the locked file from another under its name; {@code null} where the system cannot. */
  private Object key;

  private volatile boolean isLost;

  private ProcessLock(Path persistenceFile, LocalDisk.LocalHandle handle) throws IOException {
    this.persistenceFile = persistenceFile;
    this.handle = handle;
    this.key = DISK.key(path(persistenceFile));
  }

  /**
   * Takes the lock for a persistence file.
   *
   * @throws FileInUseException at once if another gateway has it
   * @throws IOException if there can be no lock
   */
  static ProcessLock acquire(Path persistenceFile) throws IOException {
    if (System.getProperties().putIfAbsent(claim(persistenceFile), "held") != null) {
      throw new FileInUseException(persistenceFile, "this process");
    }
    try {
      return lock(persistenceFile);
    } catch (IOException | RuntimeException e) {
      System.getProperties().remove(claim(persistenceFile));
      throw e;
    }
  }

  private static String claim(Path persistenceFile) {
    return "dev.pushgateway.lock:" + persistenceFile;
  }

  private static ProcessLock lock(Path persistenceFile) throws IOException {
    Path path = path(persistenceFile);
    LocalDisk.LocalHandle handle;
    try {
      handle = DISK.open(path);
    } catch (IOException e) {
      throw failure("cannot create the lock file ", path, e);
    }
    try {
      if (handle.tryLock() != null) {
        return new ProcessLock(persistenceFile, handle);
      }
    } catch (OverlappingFileLockException e) {
      handle.close();
      throw new FileInUseException(persistenceFile, "this process");
    } catch (IOException e) {
      handle.close();
      throw failure("cannot lock the file ", path, e);
    }
    handle.close();
    throw new FileInUseException(persistenceFile, "another process");
  }

  private static IOException failure(String act, Path path, IOException cause) {
    return new IOException(act + path + " of the persistence file: " + Reasons.of(cause), cause);
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
      renew();
    } catch (FileInUseException e) {
      isLost = true;
      health.countFailure();
      health.markBroken(
          "cannot go on with persistence file "
              + persistenceFile
              + ": another gateway has it, as its lock file was removed; start this one anew");
    } catch (IOException e) {
      LOG.debug("the lock cannot be renewed now", e); // Without a folder nothing is written either.
    }
  }

  private void renew() throws IOException {
    Path path = path(persistenceFile);
    Object found = DISK.key(path);
    if (key != null && key.equals(found)) {
      return;
    }
    if (DISK.isUnder(path, handle)) {
      key = found; // It is the file system that has changed its mind.
      return;
    }
    ProcessLock renewed = lock(persistenceFile);
    LocalDisk.LocalHandle removed = handle;
    handle = renewed.handle;
    key = renewed.key;
    removed.close();
  }

  private static Path path(Path persistenceFile) {
    return persistenceFile.resolveSibling(persistenceFile.getFileName() + ".lock");
  }

  @Override
  public void close() throws IOException {
    try {
      handle.close();
    } finally {
      System.getProperties().remove(claim(persistenceFile));
    }
  }
}
