package dev.pushgateway.bytes;

import java.util.Arrays;

/**
 * Bytes that grow. The array is open to the package: hot paths reserve room and write into it.
 *
 * <p>Not thread-safe.
 */
public final class ByteArray {
  public byte[] bytes;
  public int length;

  public ByteArray(int capacity) {
    bytes = new byte[capacity];
  }

  /** Makes room for {@code count} more bytes after {@link #length}. */
  public void reserve(int count) {
    if (bytes.length - length < count) {
      int wanted = Math.addExact(length, count);
      bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(bytes.length * 2L, 1 << 30)));
    }
  }

  public void add(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  public void add(byte[] source) {
    add(source, 0, source.length);
  }

  public void add(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  public void addNumber(double value) {
    reserve(NumberWriter.MAX_LENGTH);
    length = NumberWriter.write(value, bytes, length);
  }

  public byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  public byte[] toArray(int from) {
    return Arrays.copyOfRange(bytes, from, length);
  }
}
