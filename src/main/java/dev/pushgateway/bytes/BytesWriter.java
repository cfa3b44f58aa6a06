package dev.pushgateway.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes numbers, texts and fields into an array; {@link BytesReader} reads them.
 *
 * <pre>
 *   part     [length, a varint][content]
 *   field    [number, a varint][part]      a reader skips a field whose number it does not know
 * </pre>
 *
 * <p>Not thread-safe. The caller provides an array that is long enough.
 */
public final class BytesWriter {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] out;
  private int at;

  /** Writes into {@code out} from an offset on. */
  public BytesWriter(byte[] out, int at) {
    this.out = out;
    this.at = at;
  }

  /** Returns how many bytes a part with this content length takes. */
  public static long partLength(long contentLength) {
    return Varint.length(contentLength) + contentLength;
  }

  /** Returns the offset behind the last byte written. */
  public int end() {
    return at;
  }

  /** Continues at another offset. The caller has filled the bytes before it. */
  public void end(int offset) {
    at = offset;
  }

  /** Writes one byte. */
  public void writeByte(int value) {
    out[at++] = (byte) value;
  }

  /** Writes a number that is not negative, as a varint. */
  public void writeVarint(long value) {
    at = Varint.write(value, out, at);
  }

  /** Writes eight bytes, the highest first. */
  public void writeLong(long value) {
    LONGS.set(out, at, value);
    at += Long.BYTES;
  }

  /** Writes the first {@code count} bytes of an array. */
  public void writeBytes(byte[] content, int count) {
    System.arraycopy(content, 0, out, at, count);
    at += count;
  }

  /** Writes content with its length before it. */
  public void writePart(byte[] content) {
    writeVarint(content.length);
    writeBytes(content, content.length);
  }

  /** Writes the UTF-8 of a text with its length before it. */
  public void writeText(String text) {
    writePart(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the number and the length of a field. The caller writes the content next. */
  public void writeFieldStart(int number, long contentLength) {
    writeVarint(number);
    writeVarint(contentLength);
  }
}
