package dev.pushgateway.push;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates gzip: one member after the other to the end of the stream. Refuses any other bytes after
 * a member. The JDK's {@code GZIPInputStream} ignores such bytes, and would take half of a body for
 * all of it.
 *
 * <pre>
 *   stream  [member][member]…
 *   member  [1F 8B][method 8][flags 1][time 4][extra flags 1][system 1]
 *           flags: 4 [length 2][extra], 8 [name][0], 16 [comment][0], 2 [crc16 of the header 2]
 *           [deflated data][crc32 4][length modulo 2^32 4]                 numbers: little endian
 * </pre>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipMembers extends InputStream {
  private static final int BUFFER_BYTES = 16 << 10;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final InputStream in;
  private final Inflater inflater;
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];

  /** The unused bytes of the buffer are at {@code [from, to)}; the inflater has none of them. */
  private int from;

  private int to;
  private boolean isAtEnd;

  /**
   * Reads the header of the first member.
   *
   * @throws IOException if the stream does not begin with a gzip header
   */
  GzipMembers(InputStream in) throws IOException {
    this.in = in;
    readHeader(next());
    inflater = new Inflater(true); // Last: a failed constructor could not free it.
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (!isAtEnd) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        crc.update(target, offset, count);
        return count;
      }
      endMember();
    }
    return -1;
  }

  /** Returns the number of inflated bytes; 0 at the end of a member. */
  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      while (true) {
        int count = inflater.inflate(target, offset, length);
        if (count > 0 || inflater.finished()) {
          return count;
        }
        if (inflater.needsDictionary()) {
          throw new IOException("a dictionary is needed");
        }
        if (from == to) {
          fill();
        }
        inflater.setInput(buffer, from, to - from);
        from = to;
      }
    } catch (DataFormatException e) {
      throw new IOException(e.getMessage() == null ? "invalid data" : e.getMessage(), e);
    }
  }

  private void endMember() throws IOException {
    from = to - inflater.getRemaining();
    long expectedCrc = nextNumber(4);
    long expectedLength = nextNumber(4);
    if (crc.getValue() != expectedCrc) {
      throw new IOException("the checksum of what came out is wrong");
    }
    if ((inflater.getBytesWritten() & 0xFFFF_FFFFL) != expectedLength) {
      throw new IOException("the length of what came out is wrong");
    }
    int first = nextOrEnd();
    if (first < 0) {
      isAtEnd = true;
      return;
    }
    inflater.reset();
    readHeader(first);
  }

  private void readHeader(int first) throws IOException {
    crc.reset();
    crc.update(first);
    if (first != 0x1F || checked() != 0x8B || checked() != DEFLATE) {
      throw new IOException("a gzip header was expected");
    }
    int flags = checked();
    if ((flags & RESERVED) != 0) {
      throw new IOException("a gzip header has unknown flags");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(checked() | checked() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      long expected = crc.getValue() & 0xFFFF;
      if (nextNumber(2) != expected) {
        throw new IOException("the checksum of a gzip header is wrong");
      }
    }
    crc.reset();
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      checked();
    }
  }

  private void skipText() throws IOException {
    while (checked() != 0) {
      // The text ends with a zero.
    }
  }

  /** Returns the next byte of a header, and adds it to the checksum. */
  private int checked() throws IOException {
    int next = next();
    crc.update(next);
    return next;
  }

  private long nextNumber(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) next() << 8 * i;
    }
    return number;
  }

  private int next() throws IOException {
    int next = nextOrEnd();
    if (next < 0) {
      throw new EOFException();
    }
    return next;
  }

  private int nextOrEnd() throws IOException {
    if (from == to) {
      from = 0;
      to = Math.max(0, in.read(buffer, 0, buffer.length));
      if (to == 0) {
        return -1;
      }
    }
    return buffer[from++] & 0xFF;
  }

  private void fill() throws IOException {
    if (nextOrEnd() < 0) {
      throw new EOFException();
    }
    from--;
  }

  /** Frees the inflater's native memory. Does not close the underlying stream. */
  @Override
  public void close() {
    inflater.end();
  }
}
