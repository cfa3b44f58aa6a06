package dev.pushgateway.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the log needs of a file system; few enough operations that tests can let each of them fail.
 */
public interface Disk {
  /** Opens a file for reading and writing, and creates it if it is not there. */
  Handle open(Path path) throws IOException;

  /**
   * Makes an empty file, in place of whatever is there.
   *
   * @param like gives the new file its mode, owner and group. Without one, only the user that makes
   *     the file may read and write it
   */
  Handle create(Path path, Optional<Path> like) throws IOException;

  /** What stands under a name, if anything does; symbolic links are followed. */
  Optional<Entry> entry(Path path) throws IOException;

  /**
   * Tells what stands under a name from other files, see {@link Entry}; {@code null} for nothing.
   */
  default Object key(Path path) throws IOException {
    return entry(path).map(Entry::key).orElse(null);
  }

  /**
   * Returns whether an open file is the one under a name, without trusting in the keys of files:
   * those of some network file systems change by themselves, and some systems have none. Makes the
   * open file longer by a byte for a moment, and looks whether that is to be seen under the name.
   * Takes no space on the disk. Nobody may write to the file meanwhile.
   *
   * @throws IOException if that cannot be tried or undone
   */
  default boolean isUnder(Path name, Handle handle) throws IOException {
    long length = handle.length();
    if (!hasLength(name, length)) {
      return false;
    }
    handle.truncate(length + 1);
    try {
      return hasLength(name, length + 1);
    } finally {
      handle.truncate(length);
    }
  }

  private boolean hasLength(Path name, long length) throws IOException {
    return entry(name).map(Entry::length).orElse(-1L) == length;
  }

  /**
   * A file, looked at from outside.
   *
   * @param key tells it from other files; {@code null} where the system has none, and not the same
   *     for ever on every network file system
   * @param length in bytes
   */
  record Entry(Object key, long length) {}

  /** Renames a file, over another one if there is one, in one step. */
  void move(Path source, Path target) throws IOException;

  /**
   * Gives a file a second name that nothing has yet, or copies it where file systems cannot do
   * that; a folder is renamed.
   */
  void keep(Path source, Path target) throws IOException;

  /** Removes a file if it is there. */
  void delete(Path path) throws IOException;

  /** Makes renames and removals in a folder survive a power loss. */
  void syncFolder(Path folder) throws IOException;

  /**
   * Returns how many bytes can still be written to the volume of a folder; {@link Long#MAX_VALUE}
   * if that is not known.
   */
  default long freeBytes(Path folder) {
    return Long.MAX_VALUE;
  }

  /** Returns whether a file has more than one name, as far as the system tells. */
  default boolean hasOtherNames(Path path) throws IOException {
    return false;
  }

  /** An open file. {@link #sync} may run beside the other operations, those one at a time. */
  interface Handle extends Closeable {
    long length() throws IOException;

    /**
     * Reads up to {@code to - from} bytes, fewer only where the file ends.
     *
     * @return how many
     */
    int read(long offset, byte[] bytes, int from, int to) throws IOException;

    /** Writes all bytes; if it fails, some of them may be written. */
    void write(long offset, byte[] bytes, int from, int to) throws IOException;

    void truncate(long length) throws IOException;

    /** Makes all that was written survive a power loss. */
    void sync() throws IOException;
  }
}
