package dev.pushgateway.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept-alive HTTP/1.1 connection that does as little as it can, because it shares the processor
 * with what it measures: whole requests are given as bytes, bodies of responses are skipped.
 *
 * <p>Not thread-safe.
 */
final class Connection implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 300_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[256 << 10];
  private int from;
  private int to;

  /** Where bodies go that are wanted; {@code null} to skip them. */
  private ByteArrayOutputStream kept;

  /**
   * What came back.
   *
   * @param bodyBytes length of the body without chunk headers
   * @param firstByteNanos from the start of the request to the first byte of the response
   * @param nanos from the start of the request to the last byte of the response
   */
  record Response(int status, long bodyBytes, long firstByteNanos, long nanos) {
    double millis() {
      return nanos / 1e6;
    }
  }

  Connection(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** Sends a request and reads the whole response. */
  Response exchange(byte[] request) throws IOException {
    long start = System.nanoTime();
    out.write(request);
    from = 0;
    to = 0;
    fill();
    long firstByteNanos = System.nanoTime() - start;
    String statusLine = line();
    long length = -1;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(header.substring("content-length:".length()).trim());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.endsWith("chunked");
      }
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    long bodyBytes = chunked ? takeChunks() : take(Math.max(length, 0));
    return new Response(status, bodyBytes, firstByteNanos, System.nanoTime() - start);
  }

  /** As {@link #exchange}, for a request that must succeed. */
  Response succeed(byte[] request) throws IOException {
    Response response = exchange(request);
    if (response.status() / 100 != 2) {
      throw new IOException("status " + response.status() + " for " + firstLine(request));
    }
    return response;
  }

  /** The body of a response that must succeed. */
  byte[] body(byte[] request) throws IOException {
    kept = new ByteArrayOutputStream(1 << 20);
    try {
      succeed(request);
      return kept.toByteArray();
    } finally {
      kept = null;
    }
  }

  static String firstLine(byte[] request) {
    String start = new String(request, 0, Math.min(200, request.length), StandardCharsets.US_ASCII);
    return start.lines().findFirst().orElse("");
  }

  private long takeChunks() throws IOException {
    long sum = 0;
    while (true) {
      String sizeLine = line();
      long size = Long.parseLong(sizeLine.split(";", 2)[0].trim(), 16);
      sum += take(size);
      String end = line(); // After the last chunk this is the empty line behind no trailers.
      if (!end.isEmpty()) {
        throw new IOException("expected the end of a chunk, found '" + end + "'");
      }
      if (size == 0) {
        return sum;
      }
    }
  }

  private long take(long length) throws IOException {
    for (long left = length; left > 0; ) {
      if (from == to) {
        fill();
      }
      int count = (int) Math.min(left, to - from);
      if (kept != null) {
        kept.write(buffer, from, count);
      }
      from += count;
      left -= count;
    }
    return length;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      if (from == to) {
        fill();
      }
      char next = (char) (buffer[from++] & 0xff);
      if (next == '\n') {
        line.setLength(Math.max(0, line.length() - 1));
        return line.toString();
      }
      line.append(next);
    }
  }

  private void fill() throws IOException {
    from = 0;
    to = in.read(buffer);
    if (to < 0) {
      to = 0;
      throw new EOFException("connection closed by the gateway");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
