package dev.pushgateway.persistence;

import dev.pushgateway.disk.Disk;
import dev.pushgateway.persistence.LogFormat.Note;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * One file in the {@link LogFormat}. Records are appended at its end.
 *
 * <p>Rejected: zeros written ahead, which short records then overwrite. With {@code 5m} they gave 6
 * % more pushes per second. With {@code 0s} they gave fewer: 9,600 instead of 12,100 over 16
 * connections, 1,500 instead of 2,100 over one (ext4, one pair of rounds, 2026-12-01). Writing into
 * a mapping of the file gained less. Also, a write to a mapped page that waits for the disk blocks
 * the whole JVM.
 *
 * <p>{@link #sync}, {@link #copyTo} and {@link #end} may run at the same time as other operations.
 * All others run one at a time.
 */
final class LogFile implements Closeable {
  private static final int COPY_LENGTH = 256 << 10;

  private final Path path;
  private final Disk.Handle handle;

  /**
   * A handle for copying during {@link #append}. Opened early, because the file is renamed later.
   */
  private final Disk.Handle source;

  private final long salt;

  /** The valid note with the highest number. */
  private volatile Note note;

  /** The slot of the next note: never that of {@link #note}. */
  private int noteSlot;

  /** Volatile, because other threads read it during {@link #append}. */
  private volatile long end;

  private LogFile(
      Path path, Disk.Handle handle, Disk.Handle source, long salt, Notes notes, long end) {
    this.path = path;
    this.handle = handle;
    this.source = source;
    this.salt = salt;
    this.note = notes.newest().orElseThrow();
    this.noteSlot = notes.nextSlot();
    this.end = end;
  }

  /**
   * Creates a file without records, in place of any file of that name.
   *
   * @param like gives the new file its mode, owner and group, see {@link Disk#create}
   * @param firstNumber the number of the first record
   */
  static LogFile create(Disk disk, Path path, Optional<Path> like, long salt, long firstNumber)
      throws IOException {
    Disk.Handle handle = disk.create(path, like);
    try {
      Note none = new Note(firstNumber, firstNumber - 1);
      byte[] start = LogFormat.start(salt, none);
      handle.write(0, start, 0, start.length);
      Notes notes = new Notes(Optional.of(none), 0, 2);
      return new LogFile(path, handle, disk.open(path), salt, notes, start.length);
    } catch (IOException | RuntimeException e) {
      handle.close();
      discard(disk, path);
      throw e;
    }
  }

  /**
   * Removes a file that is not needed. If that fails, the next {@link #create} or start removes it.
   */
  static void discard(Disk disk, Path path) {
    try {
      disk.delete(path);
    } catch (IOException leftOver) {
      // The next attempt or start removes it.
    }
  }

  /**
   * Continues a file that has been read. Syncs it, because a killed gateway may not have done so.
   *
   * @param read the result of reading; bytes behind the last record are cut off
   */
  static LogFile resume(Disk disk, Path path, Disk.Handle handle, LogReader.Result read)
      throws IOException {
    if (handle.length() > read.end()) {
      handle.truncate(read.end());
    }
    handle.sync();
    disk.syncFolder(path.getParent());
    return new LogFile(path, handle, disk.open(path), read.salt(), read.notes(), read.end());
  }

  long salt() {
    return salt;
  }

  /** Returns where the next record will start. */
  long end() {
    return end;
  }

  /** Returns the number of the last record that the file's note says is on the disk. */
  long notedNumber() {
    return note.last();
  }

  /**
   * Notes that all records up to a number are on the disk. If writing fails, the earlier note
   * counts.
   */
  void note(long lastNumber) throws IOException {
    Note next = new Note(note.first(), lastNumber);
    byte[] bytes = LogFormat.note(salt, next);
    handle.write(Notes.offset(noteSlot), bytes, 0, bytes.length);
    note = next;
    noteSlot = 1 - noteSlot;
  }

  /** Removes all records, of which the last has this number, and syncs. */
  void empty(long lastNumber) throws IOException {
    handle.truncate(LogFormat.RECORDS_OFFSET);
    end = LogFormat.RECORDS_OFFSET;
    note = new Note(lastNumber + 1, lastNumber);
    byte[] bytes = LogFormat.note(salt, note);
    for (int slot = 0; slot < 2; slot++) {
      handle.write(Notes.offset(slot), bytes, 0, bytes.length);
    }
    handle.sync();
  }

  /** Appends records. After a failure, {@link #cut} the file before the next attempt. */
  void append(byte[] records, int count) throws IOException {
    long start = end;
    handle.write(start, records, 0, count);
    end = start + count;
  }

  /** Removes bytes that a failed {@link #append} has left behind the end. */
  void cut() throws IOException {
    handle.truncate(end);
  }

  /** Tests whether this many bytes can be written behind the end. Leaves the file unchanged. */
  void probe(int length) throws IOException {
    try {
      handle.write(end, new byte[length], 0, length);
    } finally {
      cut();
    }
  }

  /** Returns whether this file has the name now, see {@link Disk#isUnder}. */
  boolean isUnder(Disk disk, Path name) throws IOException {
    return disk.isUnder(name, handle);
  }

  /** Returns whether the file has the length that was written here. */
  boolean hasItsLength() throws IOException {
    return handle.length() == end;
  }

  /** Reads from the file; fewer bytes at its end. For the thread that copies. */
  byte[] read(long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    return Arrays.copyOf(bytes, source.read(from, bytes, 0, length));
  }

  /** Appends the records between two offsets to another file with the same salt. */
  void copyTo(LogFile target, long from, long to) throws IOException {
    if (from == to) {
      return;
    }
    byte[] bytes = new byte[(int) Math.min(COPY_LENGTH, to - from)];
    long at = from;
    while (at < to) {
      int wanted = (int) Math.min(bytes.length, to - at);
      int count = source.read(at, bytes, 0, wanted);
      if (count < wanted) {
        throw new IOException(path + " ends at " + (at + count) + ", not at " + to);
      }
      target.append(bytes, count);
      at += count;
    }
  }

  void sync() throws IOException {
    handle.sync();
  }

  /** Closes a file that is no longer needed, and ignores a failure. */
  static void closeQuietly(LogFile file) {
    try {
      file.close();
    } catch (IOException nothingLost) {
      // The content is in another file or is not needed.
    }
  }

  @Override
  public void close() throws IOException {
    try {
      source.close();
    } finally {
      handle.close();
    }
  }
}
