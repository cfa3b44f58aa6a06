package dev.pushgateway.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Where the gateway listens, as raw sockets see it, and until when it is to be worked on.
 *
 * @param from the address to call from: {@code 0.0.0.0} for 127.0.0.1, or on Linux any other of
 *     {@code 127.0.0.0/8}
 */
record Target(String from, int port, long endNanos) {
  private static final int CONNECT_MILLIS = 10_000;

  static final String ANY = "0.0.0.0";

  /** Longer than any answer may take. */
  private static final int READ_MILLIS = 30_000;

  /** Of an answer: more than its head. */
  private static final int MAX_KEPT_BYTES = 2 << 10;

  boolean isOver() {
    return System.nanoTime() >= endNanos;
  }

  Socket connect() throws IOException {
    return connect(0);
  }

  /** As the other, with room for so many bytes that nobody has read. */
  Socket connect(int receiveBufferBytes) throws IOException {
    Socket socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.setSoTimeout(READ_MILLIS);
    socket.setTcpNoDelay(true);
    if (!from.equals(ANY)) { // Else more connections than there are ports, one after the other.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(from, 0));
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
    return socket;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The head of a request with a body. */
  static byte[] head(String method, String path, long length, String... headers) {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: h\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return ascii(head.append("Content-Length: ").append(length).append("\r\n\r\n").toString());
  }

  /**
   * Sends a request on a connection of its own; returns the status, or 0 if there was no answer.
   */
  int send(String method, String path, byte[] body, String... headers) throws IOException {
    String[] all = Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Connection: close";
    try (Socket socket = connect()) {
      socket.getOutputStream().write(head(method, path, body.length, all));
      socket.getOutputStream().write(body);
      return status(socket.getInputStream());
    }
  }

  /**
   * Sends a request on a connection of its own; returns the beginning of the answer, which is read
   * to its end.
   *
   * @throws IOException also if there is none, or if it has no end
   */
  String exchange(byte[] request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      String start = new String(in.readNBytes(MAX_KEPT_BYTES), StandardCharsets.ISO_8859_1);
      if (start.isEmpty()) {
        throw new IOException("closed without an answer");
      }
      byte[] end = start.getBytes(StandardCharsets.ISO_8859_1);
      byte[] buffer = new byte[64 << 10];
      for (int count = in.readNBytes(buffer, 0, buffer.length); count > 0; ) {
        end = Arrays.copyOf(buffer, count);
        count = in.readNBytes(buffer, 0, buffer.length);
      }
      checkEnd(start, end);
      return start;
    }
  }

  private static void checkEnd(String start, byte[] end) throws IOException {
    boolean isChunked = start.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
    // Should the last piece be shorter than that, its beginning has been compared already.
    String tail = "0\r\n\r\n";
    String last = new String(end, StandardCharsets.ISO_8859_1);
    if (isChunked && !(tail.endsWith(last) || last.endsWith(tail))) {
      throw new IOException("cut off in its answer");
    }
  }

  /** The status of an answer, all of which is read. */
  static int status(InputStream in) throws IOException {
    String start = new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
    in.transferTo(java.io.OutputStream.nullOutputStream());
    return start.length() == 12 ? Integer.parseInt(start.substring(9)) : 0;
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
