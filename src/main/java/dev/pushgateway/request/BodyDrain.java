package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * What is left of a body when its request has been answered already.
 *
 * <p>It is read and thrown away, within bounds: a client that sends all it has before it looks for
 * an answer would else find a broken connection in place of the answer.
 */
public final class BodyDrain {
  /** A connection with more than that in it is not kept. */
  private static final int MAX_KEPT_BYTES = 1 << 20;

  /** Four times what may be pushed by default; who sends more does not want an answer. */
  private static final long MAX_SKIPPED_BYTES = 256L << 20;

  private static final long MAX_SKIPPED_NANOS = 5_000_000_000L;
  private static final int BUFFER_BYTES = 8 << 10;

  private BodyDrain() {}

  /** Tells the client, with the answer, if its connection will not be kept. */
  public static void announce(HttpServletRequest request, HttpServletResponse response) {
    if (isNotRead(request, response) || request.getContentLengthLong() > MAX_KEPT_BYTES) {
      response.setHeader("Connection", "close");
    }
  }

  /** Who was too slow is not waited for once more; to read would tell who expects 100 to send. */
  private static boolean isNotRead(HttpServletRequest request, HttpServletResponse response) {
    return response.getStatus() == RequestRefusedException.TIMEOUT
        || request.getHeader("Expect") != null && request.getContentLengthLong() != 0;
  }

  /** Sends the answer, and then reads what is left. */
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
      // It will not arrive, and the container closes the connection: nothing is left to be done.
    }
  }
}
