package dev.pushgateway.exposition;

import java.util.Arrays;

/**
 * Bytes that grow. The array is open to the package: hot paths reserve room and write into it.
 *
 * <p>Not thread-safe.
 */
final class ByteArray {
  byte[] bytes;
  int length;

  ByteArray(int capacity) {
    bytes = new byte[capacity];
  }

  /** Makes room for {@code count} more bytes after {@link #length}. */
  void reserve(int count) {
    if (bytes.length - length < count) {
      int wanted = Math.addExact(length, count);
      bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(bytes.length * 2L, 1 << 30)));
    }
  }

  void add(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  void add(byte[] source) {
    add(source, 0, source.length);
  }

  void add(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  void addNumber(double value) {
    reserve(Numbers.MAX_LENGTH);
    length = Numbers.write(value, bytes, length);
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  byte[] toArray(int from) {
    return Arrays.copyOfRange(bytes, from, length);
  }
}
