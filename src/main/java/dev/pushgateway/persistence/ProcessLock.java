package dev.pushgateway.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Keeps a second gateway away from a persistence file.
 *
 * <p>The lock is on an empty file of its own beside it, since compaction puts a new file in place
 * of the old one. It is never removed: somebody may be about to lock it. If a stranger removes it,
 * a second gateway could lock a new one; so {@link #renew} looks after it. The system gives up the
 * lock of a process that dies.
 *
 * <p>POSIX gives up the locks of a process on a file as soon as it closes any channel to it: a
 * second gateway in the same process must not even try. Class loaders keep the web applications of
 * a container apart, but all see the same system properties; so one of them says who has the lock.
 *
 * <p>{@link #renew} is for one thread, which has ended when {@link #close} is called.
 */
final class ProcessLock implements Closeable {
  private final Path persistenceFile;
  private FileChannel channel;

  /** Tells the locked file from another under its name; {@code null} where the system cannot. */
  private Object fileKey;

  private ProcessLock(Path persistenceFile, FileChannel channel) throws IOException {
    this.persistenceFile = persistenceFile;
    this.channel = channel;
    this.fileKey = fileKey(path(persistenceFile));
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
    boolean locked = false;
    try {
      ProcessLock lock = lock(persistenceFile);
      locked = true;
      return lock;
    } finally {
      if (!locked) {
        System.getProperties().remove(claim(persistenceFile));
      }
    }
  }

  private static String claim(Path persistenceFile) {
    return "dev.pushgateway.lock:" + persistenceFile;
  }

  private static ProcessLock lock(Path persistenceFile) throws IOException {
    Path path = path(persistenceFile);
    FileChannel channel = open(path);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new ProcessLock(persistenceFile, channel);
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new FileInUseException(persistenceFile, "this process");
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot lock " + path + ": " + Reasons.of(e), e);
    }
    channel.close();
    throw new FileInUseException(persistenceFile, "another process");
  }

  /**
   * Takes the lock again if its file has been removed or replaced.
   *
   * @throws FileInUseException if another gateway was faster
   * @throws IOException if there can be no lock at the moment
   */
  void renew() throws IOException {
    Path path = path(persistenceFile);
    if (Files.exists(path) && Objects.equals(fileKey, fileKey(path))) {
      return;
    }
    ProcessLock renewed = lock(persistenceFile);
    FileChannel removed = channel;
    channel = renewed.channel;
    fileKey = renewed.fileKey;
    removed.close();
  }

  private static Path path(Path persistenceFile) {
    return persistenceFile.resolveSibling(persistenceFile.getFileName() + ".lock");
  }

  private static Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  private static FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("cannot create the lock file " + path + ": " + Reasons.of(e), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      System.getProperties().remove(claim(persistenceFile));
    }
  }
}
