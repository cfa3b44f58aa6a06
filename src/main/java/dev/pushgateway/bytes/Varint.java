package dev.pushgateway.bytes;

/** Writes unsigned numbers as protobuf does: seven bits in each byte, the lowest ones first. */
public final class Varint {
  /** The length of the longest number, in bytes. */
  public static final int MAX_LENGTH = 10;

  private Varint() {}

  /** Returns the number of bytes that a number takes. */
  public static int length(long value) {
    return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  /**
   * Writes a number.
   *
   * @param out has room for {@link #length} bytes at {@code at}
   * @return the offset behind the number
   */
  public static int write(long value, byte[] out, int at) {
    long rest = value;
    int end = at;
    while ((rest & ~0x7FL) != 0) {
      out[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[end++] = (byte) rest;
    return end;
  }
}
