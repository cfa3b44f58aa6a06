package dev.pushgateway.persistence;

import static dev.pushgateway.persistence.LogFormat.INTS;
import static dev.pushgateway.persistence.LogFormat.LONGS;
import static dev.pushgateway.persistence.LogFormat.MAX_PAYLOAD_LENGTH;
import static dev.pushgateway.persistence.LogFormat.RECORD_HEADER_LENGTH;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Turns changes into records, one behind the other, ready to be written. Not thread-safe. */
final class RecordBuffer {
  /** A buffer that a large push has made longer is not kept. */
  private static final int KEPT_LENGTH = 1 << 20;

  private static final int MAX_VARINT_LENGTH = 5;

  private static final int INITIAL_LENGTH = 4096;

  /** Of what a record has beside its families, as a rule; a longer one makes the buffer grow. */
  private static final int SHORT_LENGTH = 256;

  private final long salt;
  private byte[] bytes;
  private int length;

  RecordBuffer(long salt) {
    this(salt, INITIAL_LENGTH);
  }

  private RecordBuffer(long salt, int capacity) {
    this.salt = salt;
    this.bytes = new byte[capacity];
  }

  /** The record of a single change. */
  static RecordBuffer of(Change change, long salt) throws IOException {
    long capacity = Math.min(maxLength(change), MAX_PAYLOAD_LENGTH);
    RecordBuffer buffer = new RecordBuffer(salt, (int) capacity);
    buffer.add(change);
    return buffer;
  }

  /** About how long the record of a change will be at most. */
  static long maxLength(Change change) {
    long sum = SHORT_LENGTH;
    if (change instanceof Change.Pushed pushed) {
      for (FamilyBlock block : pushed.families()) {
        sum += FamilyBlockRecord.maxLength(block) + Integer.BYTES;
      }
    }
    return sum;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
    if (bytes.length > KEPT_LENGTH) {
      bytes = new byte[INITIAL_LENGTH];
    }
  }

  /**
   * Adds the record of a change.
   *
   * @throws IOException if it would be too long; nothing was added
   */
  void add(Change change) throws IOException {
    int start = length;
    reserve(RECORD_HEADER_LENGTH + 1);
    length += RECORD_HEADER_LENGTH;
    try {
      addPayload(change);
      seal(start);
    } catch (IOException tooLong) {
      length = start;
      throw tooLong;
    }
  }

  private void seal(int start) throws IOException {
    int from = start + RECORD_HEADER_LENGTH;
    checkLength(length - from);
    int crc = LogFormat.crc(bytes, from, length);
    INTS.set(bytes, start, length - from);
    INTS.set(bytes, start + 4, crc);
    INTS.set(bytes, start + 8, LogFormat.check(salt, length - from, crc));
  }

  private void addPayload(Change change) throws IOException {
    if (change instanceof Change.Pushed pushed) {
      addByte(LogFormat.PUSHED);
      addKey(pushed.key());
      addByte((byte) (pushed.replace() ? 1 : 0));
      addTime(pushed.timeNanos());
      addVarint(pushed.families().size());
      for (FamilyBlock block : pushed.families()) {
        addFamily(block);
      }
    } else if (change instanceof Change.PushFailed failed) {
      addByte(LogFormat.PUSH_FAILED);
      addKey(failed.key());
      addTime(failed.timeNanos());
    } else if (change instanceof Change.Deleted deleted) {
      addByte(LogFormat.DELETED);
      addKey(deleted.key());
      addTime(deleted.timeNanos());
    } else if (change instanceof Change.Wiped wiped) {
      addByte(LogFormat.WIPED);
      addTime(wiped.timeNanos());
    } else if (change instanceof Change.Stored stored) {
      addByte(LogFormat.STORED);
      addGroup(stored);
    }
  }

  private void addGroup(Change.Stored stored) throws IOException {
    addKey(stored.key());
    addTime(stored.pushTimeNanos());
    addTime(stored.failureTimeNanos());
    addTime(stored.pushTimeStampNanos());
    addTime(stored.failureTimeStampNanos());
    addVarint(stored.families().size());
    for (Change.StoredFamily family : stored.families()) {
      addTime(family.timeNanos());
      addFamily(family.block());
    }
  }

  private void addKey(GroupingKey key) {
    Labels labels = key.labels();
    addVarint(labels.size());
    for (int i = 0; i < labels.size(); i++) {
      addString(labels.name(i));
      addString(labels.value(i));
    }
  }

  private void addString(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    addVarint(utf8.length);
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
  }

  private void addFamily(FamilyBlock block) throws IOException {
    long maxLength = FamilyBlockRecord.maxLength(block) + Integer.BYTES;
    checkLength(length + maxLength);
    reserve((int) maxLength);
    int from = length + Integer.BYTES;
    int end = FamilyBlockRecord.write(block, bytes, from);
    INTS.set(bytes, length, end - from);
    length = end;
  }

  private static void checkLength(long wanted) throws IOException {
    if (wanted > MAX_PAYLOAD_LENGTH) {
      throw new IOException(
          "a record of "
              + wanted
              + " bytes does not fit into the persistence file, whose limit is "
              + MAX_PAYLOAD_LENGTH);
    }
  }

  private void addByte(byte value) {
    reserve(1);
    bytes[length++] = value;
  }

  private void addTime(long nanos) {
    reserve(Long.BYTES);
    LONGS.set(bytes, length, nanos);
    length += Long.BYTES;
  }

  private void addVarint(int value) {
    reserve(MAX_VARINT_LENGTH);
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[length++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
  }
}
