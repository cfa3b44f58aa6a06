package dev.pushgateway.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The operations on files that the log needs. They are few, so that tests can let each of them
 * fail.
 */
public interface Disk {
  /** Opens a file for reading and writing. Creates it if it does not exist. */
  Handle open(Path path) throws IOException;

  /**
   * Creates an empty file, and replaces any file of that name.
   *
   * @param like gives the new file its mode, owner and group. If empty, only the owner may read and
   *     write the new file.
   */
  Handle create(Path path, Optional<Path> like) throws IOException;

  /** Returns the file or folder of a name, if there is one. Symbolic links are followed. */
  Optional<Entry> entry(Path path) throws IOException;

  /**
   * Returns the key of the file with a name, see {@link Entry}; {@code null} if there is no such
   * file or no key.
   */
  default Object key(Path path) throws IOException {
    return entry(path).map(Entry::key).orElse(null);
  }

  /**
   * Returns whether an open file is the one with a name. Does not trust the keys of files: some
   * network file systems change them, and some systems have none. Makes the open file one byte
   * longer for a moment, and checks the length of the file with that name. Takes no space on the
   * disk. No thread may write to the file meanwhile.
   *
   * @throws IOException if the length cannot be changed, read or restored
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
   * The outside view of a file.
   *
   * @param key identifies the file; {@code null} if the system has no keys. Some network file
   *     systems change it.
   * @param length in bytes
   */
  record Entry(Object key, long length) {}

  /** Renames a file in one step. Replaces any file with the new name. */
  void move(Path source, Path target) throws IOException;

  /**
   * Gives a file an additional, unused name. Copies the file if the file system has no links.
   * Renames a folder.
   */
  void keep(Path source, Path target) throws IOException;

  /** Removes a file if it exists. */
  void delete(Path path) throws IOException;

  /** Makes renames and removals in a folder survive a power loss. */
  void syncFolder(Path folder) throws IOException;

  /**
   * Returns the free space on the volume of a folder, in bytes; {@link Long#MAX_VALUE} if unknown.
   */
  default long freeBytes(Path folder) {
    return Long.MAX_VALUE;
  }

  /** Returns whether a file has more than one name; false if unknown. */
  default boolean hasOtherNames(Path path) throws IOException {
    return false;
  }

  /**
   * An open file. {@link #sync} may run at the same time as another operation. All others run one
   * at a time.
   */
  interface Handle extends Closeable {
    long length() throws IOException;

    /**
     * Reads up to {@code to - from} bytes; fewer only at the end of the file.
     *
     * @return the number of bytes read
     */
    int read(long offset, byte[] bytes, int from, int to) throws IOException;

    /** Writes all bytes. After a failure, some of them may have been written. */
    void write(long offset, byte[] bytes, int from, int to) throws IOException;

    void truncate(long length) throws IOException;

    /** Makes all written bytes survive a power loss. */
    void sync() throws IOException;
  }
}
