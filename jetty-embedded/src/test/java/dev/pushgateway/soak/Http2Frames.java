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
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int DEFAULT_WINDOW = 65_535;

  private Http2Frames() {}

  /** The start of so many pushes on one connection, whose bodies never come to their end. */
  static byte[] manyStreams(int streams) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    start(out);
    frame(out, SETTINGS, 0, 0, new byte[0]);
    for (int i = 0; i < streams; i++) {
      int stream = 2 * i + 1;
      frame(out, HEADERS, END_HEADERS, stream, headers("PUT", "/metrics/job/h2"));
      frame(out, DATA, 0, stream, "a ".getBytes(StandardCharsets.US_ASCII));
    }
    return out.toByteArray();
  }

  /**
   * So many requests on one connection.
   *
   * @param window how many bytes of each response, and of all together, may come
   */
  static byte[] manyRequests(int streams, String path, int window) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    start(out);
    ByteArrayOutputStream setting = new ByteArrayOutputStream();
    setting.write(0);
    setting.write(INITIAL_WINDOW_SIZE);
    number(setting, window);
    frame(out, SETTINGS, 0, 0, setting.toByteArray());
    ByteArrayOutputStream more = new ByteArrayOutputStream();
    number(more, Math.max(1, window - DEFAULT_WINDOW));
    frame(out, WINDOW_UPDATE, 0, 0, more.toByteArray());
    for (int i = 0; i < streams; i++) {
      frame(out, HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, headers("GET", path));
    }
    return out.toByteArray();
  }

  private static void start(ByteArrayOutputStream out) {
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** Literal fields without indexing, names by their number in the static table of HPACK. */
  private static byte[] headers(String method, String path) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    literal(out, 2, method); // :method
    literal(out, 4, path); // :path
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
    number(out, stream);
    out.writeBytes(payload);
  }

  private static void number(ByteArrayOutputStream out, int number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(number >>> shift);
    }
  }
}
