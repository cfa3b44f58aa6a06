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
 * Prevents two gateways from using the same persistence file.
 *
 * <p>The lock is on a separate, empty file, because compaction replaces the persistence file. The
 * lock file is never removed: another process may be about to lock it. If a person or tool removes
 * it, a second gateway could lock a new one. {@link #keep} therefore checks it. If another gateway
 * has taken the lock meanwhile, this gateway stops using the file: only a restart could read the
 * other one's changes. When a process dies, the system releases its lock.
 *
 * <p>In POSIX, closing any channel to a file releases all locks of the process on that file. A
 * second gateway in the same process must therefore not even try to lock. The class loaders of a
 * container separate its web applications, but all see the same system properties. A system
 * property therefore marks the lock as held.
 *
 * <p>For the maintaining thread, until that has ended.
 */
final class ProcessLock implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLock.class);
  private static final LocalDisk DISK = new LocalDisk();

  private final Path persistenceFile;
  private LocalDisk.LocalHandle handle;

  /** Identifies the locked file; {@code null} if the system has no keys. */
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
   * @throws FileInUseException if another gateway has the lock; this method does not wait
   * @throws IOException if locking is impossible
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

  /** Returns whether another gateway has the file. Nothing is written to it then. */
  boolean isLost() {
    return isLost;
  }

  /**
   * Takes the lock again if the lock file has been removed. If another gateway has taken it, marks
   * the log as broken.
   */
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
              + ": another gateway took it after its lock file was removed; restart this gateway");
    } catch (IOException e) {
      LOG.debug("the lock cannot be renewed now", e); // Without a folder, writing fails, too.
    }
  }

  private void renew() throws IOException {
    Path path = path(persistenceFile);
    Object found = DISK.key(path);
    if (key != null && key.equals(found)) {
      return;
    }
    if (DISK.isUnder(path, handle)) {
      key = found; // The file system has changed the key.
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
