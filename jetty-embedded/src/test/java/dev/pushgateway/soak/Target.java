package dev.pushgateway.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Where the gateway listens, as raw sockets see it, and until when it is to be worked on. */
record Target(int port, long endNanos) {
  private static final int CONNECT_MILLIS = 10_000;

  /** Longer than any answer may take. */
  private static final int READ_MILLIS = 30_000;

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
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = "Connection: close";
    try (Socket socket = connect()) {
      socket.getOutputStream().write(head(method, path, body.length, all));
      socket.getOutputStream().write(body);
      return status(socket.getInputStream());
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
