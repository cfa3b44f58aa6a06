package dev.pushgateway.bytes;

import java.util.Arrays;

/**
 * A byte array that grows. Its fields are public because hot paths reserve room and write into the
 * array.
 *
 * <p>Not thread-safe.
 */
public class ByteArray {
  /**
   * A longer array grows by this many bytes or by a quarter, whichever is more. The heap may have
   * no free block of twice the size.
   */
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

  /** Adds many bytes. {@link DrainedBytes} passes them on in pieces instead of keeping them all. */
  public void addThrough(byte[] source, int from, int to) {
    add(source, from, to);
  }

  /** Lets {@link DrainedBytes} pass on its bytes. Does nothing in this class. */
  public void drain() {}

  public final void addNumber(double value) {
    reserve(NumberWriter.MAX_LENGTH);
    length = NumberWriter.write(value, bytes, length);
  }

  public final byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }
}
