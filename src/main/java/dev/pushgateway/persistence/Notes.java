package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.LogFormat.HEADERS_LENGTH;
import static dev.pushgateway.persistence.LogFormat.NOTE_LENGTH;

import dev.pushgateway.disk.Disk;
import dev.pushgateway.persistence.LogFormat.Note;
import java.io.IOException;
import java.util.Optional;

/**
 * The two notes of a file.
 *
 * @param newest the note that counts; empty if neither is valid
 * @param nextSlot the slot to overwrite next, 0 or 1; never that of the note that counts
 * @param soundCount how many of the two notes are valid
 */
record Notes(Optional<Note> newest, int nextSlot, int soundCount) {
  static Notes read(Disk.Handle handle, long salt) throws IOException {
    byte[] bytes = new byte[2 * NOTE_LENGTH];
    int count = handle.read(HEADERS_LENGTH, bytes, 0, bytes.length);
    Optional<Note> first = LogFormat.note(salt, bytes, 0, count);
    Optional<Note> second = LogFormat.note(salt, bytes, NOTE_LENGTH, count);
    if (first.isEmpty() || second.isEmpty()) {
      int soundCount = first.isEmpty() && second.isEmpty() ? 0 : 1;
      return new Notes(first.or(() -> second), first.isEmpty() ? 0 : 1, soundCount);
    }
    boolean firstIsNewer = first.get().last() > second.get().last();
    return new Notes(firstIsNewer ? first : second, firstIsNewer ? 1 : 0, 2);
  }

  /** Returns where a slot starts in the file. */
  static long offset(int slot) {
    return HEADERS_LENGTH + (long) slot * NOTE_LENGTH;
  }
}
