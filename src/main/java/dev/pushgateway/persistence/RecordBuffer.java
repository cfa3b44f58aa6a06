package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.LogFormat.INTS;
import static dev.pushgateway.persistence.LogFormat.LONGS;
import static dev.pushgateway.persistence.LogFormat.MAX_CHANGE_LENGTH;
import static dev.pushgateway.persistence.LogFormat.RECORD_CHECK_AT;
import static dev.pushgateway.persistence.LogFormat.RECORD_CRC_AT;
import static dev.pushgateway.persistence.LogFormat.RECORD_HEADER_LENGTH;
import static dev.pushgateway.persistence.LogFormat.RECORD_NUMBER_AT;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.ChangeCodec;
import java.io.IOException;
import java.util.Arrays;

/**
 * Frames changes as records, one behind the other, ready to be written. Not thread-safe.
 *
 * <p>The number of a record is not known before its turn comes. The first checksum, which is slow
 * for a long change, therefore does not include the number. {@link #seal} takes the same time for
 * each change.
 */
final class RecordBuffer {
  private final long salt;
  private byte[] bytes = {};
  private int length;

  RecordBuffer(long salt) {
    this.salt = salt;
  }

  /** Returns the record of a single change. It must be sealed with its number. */
  static RecordBuffer of(Change change, long salt) throws IOException {
    RecordBuffer buffer = new RecordBuffer(salt);
    buffer.add(change);
    return buffer;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /**
   * Adds the record of a change with a known number.
   *
   * @throws IOException if the record would be too long; nothing is added then
   */
  void add(Change change, long number) throws IOException {
    int start = length;
    add(change);
    seal(start, number);
  }

  private void add(Change change) throws IOException {
    long maxLength = ChangeCodec.maxLength(change);
    if (maxLength > MAX_CHANGE_LENGTH) {
      throw new IOException(
          "a record of "
              + maxLength
              + " bytes does not fit into the persistence file, whose limit is "
              + MAX_CHANGE_LENGTH);
    }
    reserve(RECORD_HEADER_LENGTH + (int) maxLength);
    int from = length + RECORD_HEADER_LENGTH;
    int end = ChangeCodec.write(change, bytes, from);
    INTS.set(bytes, length, end - from);
    INTS.set(bytes, length + RECORD_CRC_AT, LogFormat.crc(bytes, from, end));
    length = end;
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
  }

  /** Sets the number of the only record in this buffer. */
  void seal(long number) {
    seal(0, number);
  }

  private void seal(int start, long number) {
    LONGS.set(bytes, start + RECORD_NUMBER_AT, number);
    INTS.set(bytes, start + RECORD_CHECK_AT, LogFormat.check(salt, bytes, start));
  }
}
