package dev.pushgateway.soak;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Frames of HTTP/2, as few as it takes to be a nuisance.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113">RFC 9113</a>
 */
final class Http2Frames {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;

  private Http2Frames() {}

  /** The start of so many pushes on one connection, whose bodies never come to their end. */
  static byte[] manyStreams(int streams) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(out, SETTINGS, 0, 0, new byte[0]);
    for (int i = 0; i < streams; i++) {
      int stream = 2 * i + 1;
      frame(out, HEADERS, END_HEADERS, stream, headers());
      frame(out, DATA, 0, stream, "a ".getBytes(StandardCharsets.US_ASCII));
    }
    return out.toByteArray();
  }

  /** Literal fields without indexing, names by their number in the static table of HPACK. */
  private static byte[] headers() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    literal(out, 2, "PUT"); // :method
    literal(out, 4, "/metrics/job/h2"); // :path
    out.write(0x86); // :scheme http
    literal(out, 1, "h"); // :authority
    return out.toByteArray();
  }

  private static void literal(ByteArrayOutputStream out, int name, String value) {
    out.write(name);
    out.write(value.length());
    out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
    out.write(payload.length >>> 16);
    out.write(payload.length >>> 8);
    out.write(payload.length);
    out.write(type);
    out.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(stream >>> shift);
    }
    out.writeBytes(payload);
  }
}
