package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads and drops the rest of a body whose request was already answered, up to a limit.
 *
 * <p>A client that sends its whole body before it reads the response would otherwise find a broken
 * connection in place of the response.
 */
public final class BodyDrain {
  /** A connection with more bytes left in the body is closed after the response. */
  private static final int MAX_KEPT_BYTES = 1 << 20;

  /** Four times the default limit of a push; a client that sends more does not want a response. */
  private static final long MAX_SKIPPED_BYTES = 256L << 20;

  private static final long MAX_SKIPPED_NANOS = 5_000_000_000L;
  private static final int BUFFER_BYTES = 8 << 10;

  private BodyDrain() {}

  /** Adds a header to the response if the connection will be closed after it. */
  public static void announce(HttpServletRequest request, HttpServletResponse response) {
    if (isNotRead(request, response) || request.getContentLengthLong() > MAX_KEPT_BYTES) {
      response.setHeader("Connection", "close");
    }
  }

  /**
   * Returns whether the rest is not read. A client that was too slow is not waited for again. A
   * client that expects {@code 100 Continue} would be told to send if its body were read.
   */
  private static boolean isNotRead(HttpServletRequest request, HttpServletResponse response) {
    return response.getStatus() == RequestRefusedException.TIMEOUT
        || request.getHeader("Expect") != null && request.getContentLengthLong() != 0;
  }

  /** Sends the response, and then reads and drops the rest of the body. */
  public static void skip(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (isNotRead(request, response)) {
      return;
    }
    response.flushBuffer();
    long end = System.nanoTime() + MAX_SKIPPED_NANOS;
    long left = MAX_SKIPPED_BYTES;
    try {
      InputStream body = request.getInputStream();
      byte[] bytes = new byte[BUFFER_BYTES];
      int count = 0;
      while (left > 0 && count >= 0 && System.nanoTime() < end) {
        count = body.read(bytes);
        left -= count;
      }
    } catch (IOException | RuntimeException e) {
      // The rest will not arrive, and the container closes the connection.
    }
  }
}
