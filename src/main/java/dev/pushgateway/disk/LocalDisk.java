package dev.pushgateway.disk;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The file system of this machine.
 *
 * <p>Uses {@link RandomAccessFile}, not {@link FileChannel}. A channel closes itself when its
 * thread is interrupted, and a server interrupts its threads when it stops.
 */
public final class LocalDisk implements Disk {
  /**
   * The maximum bytes per write. The JDK allocates a native buffer of this length for each write.
   */
  private static final int CHUNK_LENGTH = 64 << 10;

  @Override
  public LocalHandle open(Path path) throws IOException {
    return new LocalHandle(new RandomAccessFile(path.toFile(), "rw"));
  }

  @Override
  public LocalHandle create(Path path, Optional<Path> like) throws IOException {
    Files.deleteIfExists(path);
    FileAccess.create(path);
    like.ifPresent(source -> FileAccess.copy(source, path));
    return open(path);
  }

  @Override
  public Optional<Entry> entry(Path path) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return Optional.of(new Entry(attributes.fileKey(), attributes.size()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void move(Path source, Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void keep(Path source, Path target) throws IOException {
    if (Files.isDirectory(source)) {
      Files.move(source, target); // Fails if the target exists.
      return;
    }
    try {
      Files.createLink(target, source);
    } catch (IOException | UnsupportedOperationException noLinksHere) {
      copy(source, target);
    }
  }

  private void copy(Path source, Path target) throws IOException {
    FileAccess.create(target);
    FileAccess.copy(source, target);
    boolean copied = false;
    try (OutputStream out = Files.newOutputStream(target);
        Handle copy = open(target)) {
      Files.copy(source, out);
      copy.sync();
      copied = true;
    } finally {
      if (!copied) {
        Files.delete(target); // Each failed attempt would leave a partial copy.
      }
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long freeBytes(Path folder) {
    File volume = folder.toFile();
    long free = volume.getUsableSpace();
    // The JDK returns 0 for an error, and a negative number above 8 EiB.
    boolean isKnown = free > 0 || free == 0 && volume.getTotalSpace() > 0;
    return isKnown ? free : Long.MAX_VALUE;
  }

  @Override
  public boolean hasOtherNames(Path path) throws IOException {
    try {
      return (int) Files.getAttribute(path, "unix:nlink") > 1;
    } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
      return false;
    }
  }

  /** An open file of this machine that can also be locked. */
  public static final class LocalHandle implements Handle {
    private final RandomAccessFile file;

    LocalHandle(RandomAccessFile file) {
      this.file = file;
    }

    /**
     * Locks the file until it is closed. Closing any other handle of the file in this process
     * releases the lock, too.
     *
     * @return {@code null} if another process has the lock
     */
    public FileLock tryLock() throws IOException {
      return file.getChannel().tryLock();
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public int read(long offset, byte[] bytes, int from, int to) throws IOException {
      file.seek(offset);
      int at = from;
      while (at < to) {
        int count = file.read(bytes, at, to - at);
        if (count < 0) {
          break;
        }
        at += count;
      }
      return at - from;
    }

    @Override
    public void write(long offset, byte[] bytes, int from, int to) throws IOException {
      file.seek(offset);
      for (int at = from; at < to; at += CHUNK_LENGTH) {
        file.write(bytes, at, Math.min(CHUNK_LENGTH, to - at));
      }
    }

    @Override
    public void truncate(long length) throws IOException {
      file.setLength(length);
    }

    @Override
    public void sync() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
