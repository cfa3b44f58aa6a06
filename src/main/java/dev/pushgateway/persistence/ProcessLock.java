package dev.pushgateway.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second gateway away from a persistence file.
 *
 * <p>The lock is on an empty file of its own beside it, since compaction puts a new file in place
 * of the old one. It is never removed: somebody may be about to lock it. The system gives up the
 * lock of a process that dies.
 */
final class ProcessLock implements Closeable {
  private final FileChannel channel;

  private ProcessLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock for a persistence file.
   *
   * @throws FileInUseException at once if another gateway has it
   * @throws IOException if there can be no lock
   */
  static ProcessLock acquire(Path persistenceFile) throws IOException {
    Path path = persistenceFile.resolveSibling(persistenceFile.getFileName() + ".lock");
    FileChannel channel = open(path);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new ProcessLock(channel);
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

  private static FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("cannot create the lock file " + path + ": " + Reasons.of(e), e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
