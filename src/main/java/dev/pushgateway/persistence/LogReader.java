package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.LogFormat.HEADERS_LENGTH;
import static dev.pushgateway.persistence.LogFormat.HEADER_LENGTH;
import static dev.pushgateway.persistence.LogFormat.INTS;
import static dev.pushgateway.persistence.LogFormat.LONGS;
import static dev.pushgateway.persistence.LogFormat.MAX_CHANGE_LENGTH;
import static dev.pushgateway.persistence.LogFormat.NOTE_LENGTH;
import static dev.pushgateway.persistence.LogFormat.RECORDS_OFFSET;
import static dev.pushgateway.persistence.LogFormat.RECORD_CHECK_AT;
import static dev.pushgateway.persistence.LogFormat.RECORD_CRC_AT;
import static dev.pushgateway.persistence.LogFormat.RECORD_HEADER_LENGTH;
import static dev.pushgateway.persistence.LogFormat.RECORD_NUMBER_AT;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.ChangeCodec;
import dev.pushgateway.change.MalformedChangeException;
import dev.pushgateway.change.UnknownChangeException;
import dev.pushgateway.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a file in the {@link LogFormat} from start to end, and skips damaged parts.
 *
 * <pre>
 *   at a record     check wrong    → try every byte from here on until a whole record stands there
 *                   crc wrong      → skip the change: its length is right, for the check is
 *                   number too high          → records are missing
 *                   number too low           → read once more, and apply all by their numbers
 *                   longer than the file, or less than a record's header is left
 *                                  → torn tail: the end of what a crash has let be written
 *   the last number is below the one in the note → records are missing at the end
 * </pre>
 */
final class LogReader {
  private static final int WINDOW_LENGTH = 1 << 20;

  /**
   * A range of bytes that hold no readable change; or, with length 0, an offset where records are
   * missing.
   */
  record Damage(long offset, long length, String reason) {
    long end() {
      return offset + length;
    }

    @Override
    public String toString() {
      return (length == 0 ? "" : length + " bytes at ") + "offset " + offset + " (" + reason + ")";
    }
  }

  /** Receives the changes in order. */
  interface Sink extends Consumer<Change> {
    /** Reports that a change may be missing before the next one. */
    default void lost() {}
  }

  /** The position of a record in the file. */
  private record Place(long number, long offset, boolean isSound) {}

  /**
   * The result of reading a file.
   *
   * @param records number of replayed records
   * @param damages each has cost at least one record, except damage to the headers
   * @param end the offset behind the last record
   * @param tornLength number of bytes behind {@code end}, from an incomplete record
   * @param lastNumber the number of the last record; that of the first minus 1 if there are none
   */
  record Result(
      long salt,
      Notes notes,
      long records,
      List<Damage> damages,
      long end,
      long tornLength,
      long lastNumber) {}

  private final Path path;
  private final Disk.Handle handle;
  private final long length;
  private final Sink sink;
  private final List<Damage> headerDamages = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();

  /** All records in the order of the file, if their numbers have another order. */
  private final List<Place> places = new ArrayList<>();

  private long salt;
  private long records;
  private long end;

  /** The number that the next record must have. Any number is right if this one is not known. */
  private long nextNumber;

  private boolean nextNumberIsKnown;

  /** True if a record was found behind one with a larger number. */
  private boolean isDisordered;

  /** True while records are only located, to be replayed later. */
  private boolean isCollecting;

  private byte[] window;
  private long windowStart;
  private int windowLength;

  LogReader(Path path, Disk.Handle handle, Sink sink) throws IOException {
    this.path = path;
    this.handle = handle;
    this.length = handle.length();
    this.window = new byte[(int) Math.min(WINDOW_LENGTH, length)];
    this.sink = sink;
  }

  /** Returns the header of a file, from the first valid copy; {@code null} if there is none. */
  static LogFormat.Header header(Disk.Handle handle) throws IOException {
    byte[] bytes = new byte[HEADERS_LENGTH];
    int count = handle.read(0, bytes, 0, HEADERS_LENGTH);
    LogFormat.Header first = LogFormat.header(bytes, 0, count);
    return first != null ? first : LogFormat.header(bytes, HEADER_LENGTH, count);
  }

  /**
   * Reads everything behind the header.
   *
   * @throws PersistenceFileException if a record holds something that only a newer gateway knows
   */
  Result read(LogFormat.Header header) throws IOException {
    salt = header.salt();
    checkHeaders(header);
    Notes notes = Notes.read(handle, salt);
    if (notes.newest().isEmpty() && headerDamages.isEmpty()) {
      headerDamages.add(new Damage(HEADERS_LENGTH, 2 * NOTE_LENGTH, "both notes are wrong"));
    }
    nextNumberIsKnown = notes.newest().isPresent();
    nextNumber = notes.newest().map(LogFormat.Note::first).orElse(LogFormat.FIRST_NUMBER);
    if (!nextNumberIsKnown) {
      sink.lost(); // Records may be missing: the first number is unknown.
    }
    walk();
    if (isDisordered) {
      replayByNumber(notes);
    }
    long tornLength = isShort(notes) ? 0 : Math.max(0, length - end);
    damages.addAll(0, headerDamages);
    return new Result(salt, notes, records, damages, end, tornLength, nextNumber - 1);
  }

  private void checkHeaders(LogFormat.Header header) throws IOException {
    byte[] sound = LogFormat.headers(header.version(), header.salt());
    byte[] found = new byte[HEADERS_LENGTH];
    int count = handle.read(0, found, 0, HEADERS_LENGTH);
    if (count < HEADERS_LENGTH || !Arrays.equals(sound, found)) {
      headerDamages.add(new Damage(0, HEADERS_LENGTH, "one copy of the header is wrong"));
    }
  }

  /** Reads all records up to the end of the file or a torn tail. */
  private void walk() throws IOException {
    end = RECORDS_OFFSET;
    while (end < length && !isTorn(end)) {
      end = readRecord(end);
    }
  }

  /**
   * Reads the record at an offset, or looks for the next one.
   *
   * @return where the next record starts
   */
  private long readRecord(long at) throws IOException {
    if (!isHeader(at)) {
      return resynchronise(at);
    }
    long number = number(at);
    boolean isSound = hasSoundChange(at);
    if (isCollecting) {
      places.add(new Place(number, at, isSound));
    } else if (takeNumber(at, number) && isSound) {
      isSound = replay(at);
    }
    return isSound ? next(at) : damaged(at, next(at), "record " + number + " is damaged");
  }

  private long next(long at) throws IOException {
    return at + RECORD_HEADER_LENGTH + changeLength(at);
  }

  /**
   * Notices missing records before this one.
   *
   * @return whether the record is in its right place
   */
  private boolean takeNumber(long at, long number) {
    if (!nextNumberIsKnown) {
      nextNumberIsKnown = true;
      nextNumber = number;
    }
    if (number < nextNumber) {
      isDisordered = true;
      return false;
    }
    if (number > nextNumber) {
      missing(at, nextNumber, number - 1);
    }
    nextNumber = number + 1;
    return true;
  }

  /**
   * Passes on the change of a record.
   *
   * @return whether the record holds a valid change
   */
  private boolean replay(long at) throws IOException {
    int changeLength = changeLength(at);
    int from = load(at, RECORD_HEADER_LENGTH + changeLength) + RECORD_HEADER_LENGTH;
    Change change;
    try {
      change = ChangeCodec.read(window, from, from + changeLength);
    } catch (MalformedChangeException e) {
      return false;
    } catch (UnknownChangeException e) {
      throw new PersistenceFileException(
          path,
          "persistence file "
              + path
              + " has a change at offset "
              + at
              + " that this gateway does not know ("
              + e.getMessage()
              + "): start the gateway that wrote it, or name another file");
    }
    sink.accept(change);
    records++;
    return true;
  }

  /**
   * Replays the whole file again, ordered by number. Moved records are applied in the order in
   * which they were written, and duplicates once.
   */
  private void replayByNumber(Notes notes) throws IOException {
    damages.clear();
    isCollecting = true;
    walk();
    sink.accept(new Change.Wiped(0)); // Undoes the changes applied so far.
    records = 0;
    List<Place> sorted = new ArrayList<>(places);
    sorted.sort(Comparator.comparingLong(Place::number));
    nextNumberIsKnown = notes.newest().isPresent();
    nextNumber = notes.newest().map(LogFormat.Note::first).orElse(LogFormat.FIRST_NUMBER);
    long lastOffset = 0;
    int misplaced = 0;
    for (Place place : sorted) {
      long at = place.offset();
      if (nextNumberIsKnown && place.number() < nextNumber) {
        String reason = "record " + place.number() + " is there a second time";
        damages.add(new Damage(at, next(at) - at, reason));
        continue;
      }
      takeNumber(at, place.number());
      misplaced += at < lastOffset ? 1 : 0;
      lastOffset = Math.max(lastOffset, at);
      if (!place.isSound()) {
        sink.lost(); // Already among the damages.
      } else if (!replay(at)) {
        damaged(at, next(at), "record " + place.number() + " is damaged");
      }
    }
    if (misplaced > 0) {
      damages.add(new Damage(RECORDS_OFFSET, 0, misplaced + " records are out of order"));
    }
  }

  /** Notices whether the end of the file is missing. */
  private boolean isShort(Notes notes) {
    long noted = notes.newest().map(LogFormat.Note::last).orElse(Long.MIN_VALUE);
    if (nextNumber <= noted) {
      missing(end, nextNumber, noted);
      nextNumber = noted + 1;
      return true;
    }
    return false;
  }

  private void missing(long at, long from, long to) {
    sink.lost();
    String what =
        from == to
            ? "record " + from + " is missing"
            : "records " + from + " to " + to + " are missing";
    int last = damages.size() - 1;
    if (last >= 0 && damages.get(last).end() == at) { // The records were in the damaged range.
      Damage damage = damages.get(last);
      what = damage.reason() + "; " + what;
      damages.set(last, new Damage(damage.offset(), damage.length(), what));
    } else {
      damages.add(new Damage(at, 0, what));
    }
  }

  private boolean isTorn(long at) throws IOException {
    return length - at < RECORD_HEADER_LENGTH || hasSoundCheck(at) && next(at) > length;
  }

  /** Finds the next record behind a damaged header. */
  private long resynchronise(long from) throws IOException {
    for (long at = from + 1; at <= length - RECORD_HEADER_LENGTH; at++) {
      if (isHeader(at) && hasSoundChange(at)) {
        return damaged(from, at, "no record starts there");
      }
    }
    return damaged(from, length, "no record starts there, nor anywhere behind");
  }

  private long damaged(long from, long to, String reason) {
    sink.lost();
    damages.add(new Damage(from, to - from, reason));
    return to;
  }

  private boolean isHeader(long at) throws IOException {
    int changeLength = changeLength(at);
    return changeLength > 0
        && changeLength <= length - at - RECORD_HEADER_LENGTH
        && hasSoundCheck(at);
  }

  private boolean hasSoundCheck(long at) throws IOException {
    int start = load(at, RECORD_HEADER_LENGTH);
    int changeLength = (int) INTS.get(window, start);
    return changeLength > 0
        && changeLength <= MAX_CHANGE_LENGTH
        && (int) INTS.get(window, start + RECORD_CHECK_AT) == LogFormat.check(salt, window, start);
  }

  private boolean hasSoundChange(long at) throws IOException {
    int changeLength = changeLength(at);
    int start = load(at, RECORD_HEADER_LENGTH + changeLength);
    int from = start + RECORD_HEADER_LENGTH;
    return LogFormat.crc(window, from, from + changeLength)
        == (int) INTS.get(window, start + RECORD_CRC_AT);
  }

  private int changeLength(long at) throws IOException {
    return (int) INTS.get(window, load(at, Integer.BYTES));
  }

  private long number(long at) throws IOException {
    return (long) LONGS.get(window, load(at, RECORD_HEADER_LENGTH) + RECORD_NUMBER_AT);
  }

  /**
   * Reads bytes of the file into the window.
   *
   * @return their position in the window
   */
  private int load(long offset, int count) throws IOException {
    if (offset >= windowStart && offset + count <= windowStart + windowLength) {
      return (int) (offset - windowStart);
    }
    if (count > window.length || window.length > WINDOW_LENGTH && count <= WINDOW_LENGTH) {
      window = new byte[Math.max(count, WINDOW_LENGTH)]; // A longer window is not kept.
    }
    windowLength = 0;
    int found = handle.read(offset, window, 0, (int) Math.min(window.length, length - offset));
    if (found < count) {
      throw new IOException("the file became shorter while it was read");
    }
    windowStart = offset;
    windowLength = found;
    return 0;
  }
}
