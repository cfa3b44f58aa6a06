package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.LogFormat.HEADERS_LENGTH;
import static dev.pushgateway.persistence.LogFormat.HEADER_LENGTH;
import static dev.pushgateway.persistence.LogFormat.INTS;
import static dev.pushgateway.persistence.LogFormat.MAX_PAYLOAD_LENGTH;
import static dev.pushgateway.persistence.LogFormat.RECORD_HEADER_LENGTH;

import dev.pushgateway.change.Change;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.persistence.RecordParser.MalformedRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a file in the {@link LogFormat} from its start to its end, past whatever is damaged.
 *
 * <pre>
 *   at a record     check wrong    → try every byte from here on until a whole record stands there
 *                   crc wrong      → skip the payload: its length is right, for the check is
 *                   longer than the file, or less than a record's header is left
 *                                  → torn tail: the end of what a crash has let be written
 *                   or wrong, and its end and all behind it are zeros
 *   nothing but zeros to the end   → room for more, see LogFile
 * </pre>
 */
final class LogReader {
  private static final int WINDOW_LENGTH = 1 << 20;

  /** No whole record ends with so many zeros. */
  private static final int TORN_ZEROS = 16;

  /** Bytes that could not be read, or that hold no change. */
  record Damage(long offset, long length, String reason) {
    @Override
    public String toString() {
      return length + " bytes at offset " + offset + " (" + reason + ")";
    }
  }

  /**
   * What came of reading a file.
   *
   * @param records how many were replayed
   * @param damages in the middle; each has cost one record at least
   * @param end behind the last record
   * @param tornLength how many bytes follow it that were the beginning of a record; zeros behind
   *     them do not count
   */
  record Result(long salt, long records, List<Damage> damages, long end, long tornLength) {}

  private final Disk.Handle handle;
  private final long length;
  private final Consumer<Change> sink;
  private final List<Damage> damages = new ArrayList<>();
  private long salt;
  private long records;
  private long end = HEADERS_LENGTH;

  /** Behind the last byte that is not zero. */
  private long written;

  private byte[] window;
  private long windowStart;
  private int windowLength;

  LogReader(Disk.Handle handle, Consumer<Change> sink) throws IOException {
    this.handle = handle;
    this.length = handle.length();
    this.window = new byte[(int) Math.min(WINDOW_LENGTH, length)];
    this.sink = sink;
  }

  /** The header of a file, from whichever copy is sound; {@code null} if it is no such file. */
  static LogFormat.Header header(Disk.Handle handle) throws IOException {
    byte[] bytes = new byte[HEADERS_LENGTH];
    int count = handle.read(0, bytes, 0, HEADERS_LENGTH);
    LogFormat.Header first = LogFormat.header(bytes, 0, count);
    return first != null ? first : LogFormat.header(bytes, HEADER_LENGTH, count);
  }

  /** Reads everything behind a header. */
  Result read(LogFormat.Header header) throws IOException {
    salt = header.salt();
    checkHeaders(header);
    written = findWritten();
    long at = Math.min(HEADERS_LENGTH, length);
    while (at < length) {
      long next = readRecord(at);
      if (next < 0) {
        return new Result(salt, records, damages, end, Math.max(0, written - end));
      }
      at = next;
      end = next;
    }
    return new Result(salt, records, damages, end, 0);
  }

  private void checkHeaders(LogFormat.Header header) throws IOException {
    byte[] sound = LogFormat.headers(header.version(), header.salt());
    byte[] found = new byte[HEADERS_LENGTH];
    int count = handle.read(0, found, 0, HEADERS_LENGTH);
    if (count < HEADERS_LENGTH || !java.util.Arrays.equals(sound, found)) {
      damages.add(new Damage(0, HEADERS_LENGTH, "one copy of the header is wrong"));
    }
  }

  /**
   * Reads what stands at an offset; returns where the next record starts, or -1 for a torn tail.
   */
  private long readRecord(long at) throws IOException {
    if (isTorn(at)) {
      return -1;
    }
    if (!isHeader(at)) {
      return resynchronise(at);
    }
    int payloadLength = number(at);
    long next = at + RECORD_HEADER_LENGTH + payloadLength;
    if (!hasSoundPayload(at)) {
      return damaged(at, next, "its checksum is wrong");
    }
    Change change;
    try {
      int from = load(at, RECORD_HEADER_LENGTH + payloadLength) + RECORD_HEADER_LENGTH;
      change = RecordParser.parse(window, from, from + payloadLength);
    } catch (MalformedRecordException e) {
      return damaged(at, next, e.getMessage());
    }
    sink.accept(change);
    records++;
    return next;
  }

  private boolean isTorn(long at) throws IOException {
    long left = length - at;
    if (left < RECORD_HEADER_LENGTH) {
      return true;
    }
    if (written <= at + RECORD_HEADER_LENGTH) {
      return true; // Of its payload there is not even the first byte, which never is zero.
    }
    if (!hasSoundCheck(at)) {
      return false;
    }
    long payloadEnd = at + RECORD_HEADER_LENGTH + number(at);
    return payloadEnd > length || written + TORN_ZEROS <= payloadEnd && !hasSoundPayload(at);
  }

  private long findWritten() throws IOException {
    long at = length;
    while (at > 0) {
      int count = (int) Math.min(WINDOW_LENGTH, at);
      int start = load(at - count, count);
      for (int i = start + count - 1; i >= start; i--) {
        if (window[i] != 0) {
          return at - (start + count - 1 - i);
        }
      }
      at -= count;
    }
    return 0;
  }

  /** Looks for the next record behind a damaged header. */
  private long resynchronise(long from) throws IOException {
    for (long at = from + 1; at < written && at <= length - RECORD_HEADER_LENGTH; at++) {
      if (isHeader(at) && hasSoundPayload(at)) {
        return damaged(from, at, "no record starts there");
      }
    }
    return damaged(from, written, "no record starts there, nor anywhere behind");
  }

  private long damaged(long from, long to, String reason) {
    damages.add(new Damage(from, to - from, reason));
    return to;
  }

  private boolean isHeader(long at) throws IOException {
    int payloadLength = number(at);
    return payloadLength > 0
        && payloadLength <= length - at - RECORD_HEADER_LENGTH
        && hasSoundCheck(at);
  }

  private boolean hasSoundCheck(long at) throws IOException {
    int start = load(at, RECORD_HEADER_LENGTH);
    int payloadLength = (int) INTS.get(window, start);
    return payloadLength > 0
        && payloadLength <= MAX_PAYLOAD_LENGTH
        && (int) INTS.get(window, start + 8)
            == LogFormat.check(salt, payloadLength, (int) INTS.get(window, start + 4));
  }

  private boolean hasSoundPayload(long at) throws IOException {
    int payloadLength = number(at);
    int from = load(at, RECORD_HEADER_LENGTH + payloadLength) + RECORD_HEADER_LENGTH;
    int crc = (int) INTS.get(window, from - 8);
    return LogFormat.crc(window, from, from + payloadLength) == crc;
  }

  private int number(long at) throws IOException {
    return (int) INTS.get(window, load(at, Integer.BYTES));
  }

  /** Brings bytes of the file into the window, and returns where in it they are. */
  private int load(long offset, int count) throws IOException {
    if (offset >= windowStart && offset + count <= windowStart + windowLength) {
      return (int) (offset - windowStart);
    }
    if (count > window.length || window.length > WINDOW_LENGTH && count <= WINDOW_LENGTH) {
      window = new byte[Math.max(count, WINDOW_LENGTH)]; // A longer one is not kept.
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
