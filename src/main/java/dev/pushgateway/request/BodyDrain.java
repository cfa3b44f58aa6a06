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
    boolean isLate = response.getStatus() == RequestRefusedException.TIMEOUT;
    if (isLate || request.getContentLengthLong() > MAX_KEPT_BYTES || waits(request)) {
      response.setHeader("Connection", "close");
    }
  }

  /** Whether the client sends nothing before it is told to, which reading would do. */
  private static boolean waits(HttpServletRequest request) {
    return request.getHeader("Expect") != null && request.getContentLengthLong() != 0;
  }

  /** Sends the answer, and then reads what is left. */
  public static void skip(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (response.getStatus() == RequestRefusedException.TIMEOUT || waits(request)) {
      return; // Who was too slow is not waited for once more.
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
