package dev.pushgateway.bytes;

import java.util.Arrays;

/**
 * Bytes that grow. The array is open to the package: hot paths reserve room and write into it.
 *
 * <p>Not thread-safe.
 */
public class ByteArray {
  /** A longer array grows by a quarter: room for twice as much may not be there in one piece. */
  private static final int MAX_DOUBLED = 4 << 20;

  public byte[] bytes;
  public int length;

  public ByteArray(int capacity) {
    bytes = new byte[capacity];
  }

  /** Makes room for {@code count} more bytes after {@link #length}. */
  public final void reserve(int count) {
    if (bytes.length - length < count) {
      int wanted = Math.addExact(length, count);
      long longer =
          (long) bytes.length + Math.min(bytes.length, Math.max(MAX_DOUBLED, bytes.length / 4));
      bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(longer, 1 << 30)));
    }
  }

  public final void add(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  public final void add(byte[] source) {
    add(source, 0, source.length);
  }

  public final void add(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
  }

  /** Adds bytes, of which there may be many: {@link DrainedBytes} keep only a piece of them. */
  public void addThrough(byte[] source, int from, int to) {
    add(source, from, to);
  }

  /** Allows {@link DrainedBytes} to be emptied. Does nothing here. */
  public void drain() {}

  public final void addNumber(double value) {
    reserve(NumberWriter.MAX_LENGTH);
    length = NumberWriter.write(value, bytes, length);
  }

  public final byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }
}
