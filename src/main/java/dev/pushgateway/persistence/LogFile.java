package dev.pushgateway.persistence;

import dev.pushgateway.disk.Disk;
import dev.pushgateway.persistence.LogFormat.Note;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * One file in the {@link LogFormat}: records are added at its end.
 *
 * <p>Rejected: zeros written ahead, into which short records went. They made 6 % more pushes a
 * second with {@code 5m}, and fewer with {@code 0s}: 9,600 instead of 12,100 over 16 connections,
 * and 1,500 instead of 2,100 over one (ext4, one pair of rounds, 2026-12-01). Writing into a
 * mapping of the file gained less, and a store into a page that has to wait for the disk holds up
 * the whole JVM.
 *
 * <p>{@link #sync}, {@link #copyTo} and {@link #end} may run beside the other operations; those are
 * one at a time.
 */
final class LogFile implements Closeable {
  private static final int COPY_LENGTH = 256 << 10;

  private final Path path;
  private final Disk.Handle handle;

  /** For copying beside {@link #append}; opened early, since the file is renamed later. */
  private final Disk.Handle source;

  private final long salt;

  /** The note that counts. */
  private volatile Note note;

  /** Where the next note goes: never over the one that counts. */
  private int noteSlot;

  /** Volatile: looked at beside {@link #append}. */
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
   * A new file without records, in place of whatever is there.
   *
   * @param like gives the new file its mode, owner and group, see {@link Disk#create}
   * @param firstNumber the number that the first record will have
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
   * Removes a file that is not needed; if that fails, the next {@link #create} or start does it.
   */
  static void discard(Disk disk, Path path) {
    try {
      disk.delete(path);
    } catch (IOException leftOver) {
      // The next attempt or start removes it.
    }
  }

  /**
   * A file that has been read. It is synced now, since a killed gateway may not have done so.
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

  /** Where the next record will start. */
  long end() {
    return end;
  }

  /** The number of the last record that the file says to be on the disk. */
  long notedNumber() {
    return note.last();
  }

  /**
   * Notes that the record of a number, and all before it, are on the disk. If that fails, the note
   * from before still counts.
   */
  void note(long lastNumber) throws IOException {
    Note next = new Note(note.first(), lastNumber);
    byte[] bytes = LogFormat.note(salt, next);
    handle.write(Notes.offset(noteSlot), bytes, 0, bytes.length);
    note = next;
    noteSlot = 1 - noteSlot;
  }

  /** Removes all records, up to that of a number, and syncs. */
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

  /** Adds records; if it fails, the file must be {@link #cut} before the next attempt. */
  void append(byte[] records, int count) throws IOException {
    long start = end;
    handle.write(start, records, 0, count);
    end = start + count;
  }

  /** Removes what a failed {@link #append} has left behind the end. */
  void cut() throws IOException {
    handle.truncate(end);
  }

  /** Tries whether this many bytes can be written behind the end, and leaves the file as it was. */
  void probe(int length) throws IOException {
    try {
      handle.write(end, new byte[length], 0, length);
    } finally {
      cut();
    }
  }

  /** Returns whether this file has that name now; see {@link Disk#isUnder}. */
  boolean isUnder(Disk disk, Path name) throws IOException {
    return disk.isUnder(name, handle);
  }

  /** Whether the system reports the length that was written here. */
  boolean hasItsLength() throws IOException {
    return handle.length() == end;
  }

  /** Reads from the file, fewer bytes where the file ends. For the thread that copies. */
  byte[] read(long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    return Arrays.copyOf(bytes, source.read(from, bytes, 0, length));
  }

  /** Adds the records from one offset to another to another file with the same salt. */
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

  /** Closes a file whose content is in another one or is not needed. */
  static void closeQuietly(LogFile file) {
    try {
      file.close();
    } catch (IOException nothingLost) {
      // See above.
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
