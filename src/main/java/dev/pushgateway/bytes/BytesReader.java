package dev.pushgateway.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the bytes that a {@link BytesWriter} has written, and refuses all others.
 *
 * <p>Not thread-safe. Reads the given array and never changes it.
 */
public final class BytesReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int to;
  private int at;

  /** Reads bytes {@code [from, to)}. */
  public BytesReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  /** Returns the array that is being read. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the offset of the next byte in the array. */
  public int offset() {
    return at;
  }

  /** Returns the offset behind the last byte. */
  public int to() {
    return to;
  }

  /** Returns whether any bytes are left. */
  public boolean hasNext() {
    return at < to;
  }

  /** Reads one byte. */
  public int readByte() throws MalformedBytesException {
    need(1);
    return bytes[at++];
  }

  /** Reads one byte that is 0 or 1. */
  public boolean readFlag() throws MalformedBytesException {
    int flag = readByte();
    if (flag != 0 && flag != 1) {
      throw malformed("expected 0 or 1, found " + flag);
    }
    return flag == 1;
  }

  /** Reads a varint that must fit into an {@code int} and not be negative. */
  public int readVarint() throws MalformedBytesException {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int b = readByte();
      value |= (b & 0x7F) << shift;
      if (b >= 0 && value >= 0) {
        return value;
      }
    }
    throw malformed("expected a number below 2^31");
  }

  /** Reads eight bytes, the highest first. */
  public long readLong() throws MalformedBytesException {
    need(Long.BYTES);
    at += Long.BYTES;
    return (long) LONGS.get(bytes, at - Long.BYTES);
  }

  /** Reads a part and returns a reader of its content. */
  public BytesReader readPart() throws MalformedBytesException {
    int length = readVarint();
    need(length);
    at += length;
    return new BytesReader(bytes, at - length, at);
  }

  /** Reads a part and returns its content as UTF-8 text. */
  public String readText() throws MalformedBytesException {
    return readPart().rest();
  }

  /** Reads all bytes that are left, as UTF-8. */
  public String rest() {
    String text = new String(bytes, at, to - at, StandardCharsets.UTF_8);
    at = to;
    return text;
  }

  /** Reads and copies all bytes that are left. */
  public byte[] restBytes() {
    byte[] copy = Arrays.copyOfRange(bytes, at, to);
    at = to;
    return copy;
  }

  /**
   * Checks that no bytes are left.
   *
   * @throws MalformedBytesException if some are
   */
  public void checkEnd() throws MalformedBytesException {
    if (at != to) {
      throw malformed((to - at) + " bytes too many");
    }
  }

  private void need(int count) throws MalformedBytesException {
    if (count > to - at) {
      throw malformed("expected " + count + " more bytes, found " + (to - at));
    }
  }

  /** Returns an exception whose message begins with the current offset. */
  public MalformedBytesException malformed(String found) {
    return new MalformedBytesException("byte " + at + ": " + found);
  }
}
