package dev.pushgateway.jetty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;

/** A connection of HTTP/2 without TLS that sends whatever it is told to, right or wrong. */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final int TIMEOUT_MILLIS = 120_000;

  private final Socket socket;
  private final DataInputStream in;
  private final HpackDecoder decoder = new HpackDecoder(1 << 16, System::nanoTime);

  RawHttp2(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    decoder.setMaxTableCapacity(4096);
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    send(SETTINGS, 0, 0, new byte[0]);
  }

  /** Sends a frame, whose fields need not fit together. */
  void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    socket.getOutputStream().write(frame.array());
  }

  /**
   * Begins a request.
   *
   * @param fields {@code name: value}, besides the scheme, in order
   */
  void request(int flags, int stream, String method, String path, String... fields)
      throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", method);
    field(block, ":path", path);
    field(block, ":scheme", "http");
    field(block, ":authority", "h");
    for (String field : fields) {
      int colon = field.indexOf(": ");
      field(block, field.substring(0, colon), field.substring(colon + 2));
    }
    send(HEADERS, END_HEADERS | flags, stream, block.toByteArray());
  }

  /** A literal without indexing, which has a new name. */
  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int rest = text.length() - 127;
    block.write(Math.min(127, text.length()));
    for (; rest >= 128; rest >>>= 7) {
      block.write(rest & 127 | 128);
    }
    if (rest >= 0) {
      block.write(rest);
    }
    block.writeBytes(text.getBytes(US_ASCII));
  }

  /**
   * Returns what comes next of a stream, or of the end of the connection: {@code "status 200"},
   * {@code "data …"}, {@code "reset 1"}, {@code "goaway 1"}, with the codes of RFC 9113.
   */
  String next() throws Exception {
    for (; ; ) {
      int lengthAndType = in.readInt();
      in.readByte();
      in.readInt();
      byte[] payload = in.readNBytes(lengthAndType >>> 8);
      switch (lengthAndType & 0xFF) {
        case HEADERS -> {
          return "status "
              + ((MetaData.Response) decoder.decode(ByteBuffer.wrap(payload))).getStatus();
        }
        case DATA -> {
          return "data " + new String(payload, US_ASCII).strip();
        }
        case RST_STREAM -> {
          return "reset " + ByteBuffer.wrap(payload).getInt();
        }
        case GOAWAY -> {
          return "goaway " + ByteBuffer.wrap(payload).getInt(4);
        }
        default -> {
          // Settings, windows and pings.
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
