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
 * <p>The number of a record is known only when it is the change's turn. So it is not among the
 * bytes of the first checksum, which takes long for a long change: {@link #seal} costs the same for
 * all.
 */
final class RecordBuffer {
  private final long salt;
  private byte[] bytes = {};
  private int length;

  RecordBuffer(long salt) {
    this.salt = salt;
  }

  /** The record of a single change, to be sealed with its number. */
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
   * Adds the record of a change that has a number.
   *
   * @throws IOException if it would be too long; nothing was added
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

  /** Gives the only record of this buffer its number. */
  void seal(long number) {
    seal(0, number);
  }

  private void seal(int start, long number) {
    LONGS.set(bytes, start + RECORD_NUMBER_AT, number);
    INTS.set(bytes, start + RECORD_CHECK_AT, LogFormat.check(salt, bytes, start));
  }
}
