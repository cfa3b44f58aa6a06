package dev.pushgateway.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * Reads the body of a push, decompressing it if {@code Content-Encoding} is {@code gzip} or {@code
 * snappy}. Any other encoding is read as it is, as the Go gateway does.
 *
 * <p>Bytes are counted as they arrive and as they come out of the decompression, so that a small
 * body cannot become a large one in memory.
 */
final class BodyReader {
  private static final String GZIP = "gzip";
  private static final String SNAPPY = "snappy";
  private static final int DRAIN_BYTES = 8 << 10;

  private final BodyLimits limits;

  BodyReader(BodyLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads a whole body.
   *
   * @param scratch where it goes
   * @throws RequestRefusedException if it is too large, not in the encoding it is said to be in, or
   *     does not arrive
   */
  void read(HttpServletRequest request, PushScratch scratch) throws RequestRefusedException {
    if (request.getContentLengthLong() > limits.maxTransferredBytes()) {
      throw tooLarge(limits.maxTransferredBytes(), "");
    }
    String encoding = encodingOf(request);
    Transfer transfer = new Transfer(request, limits.maxTransferredBytes());
    try {
      readAll(decoded(transfer, encoding), scratch);
    } catch (IOException e) {
      throw refusal(e, transfer, encoding);
    }
  }

  private static InputStream decoded(InputStream transfer, String encoding) throws IOException {
    return switch (encoding) {
      case GZIP -> new GZIPInputStream(transfer, 4 << 10);
      case SNAPPY -> new SnappyFramedInputStream(transfer);
      default -> transfer;
    };
  }

  private void readAll(InputStream body, PushScratch scratch)
      throws IOException, RequestRefusedException {
    scratch.length = 0;
    while (true) {
      int room = Math.min(scratch.bytes.length, limits.maxBytes()) - scratch.length;
      int count = room > 0 ? body.read(scratch.bytes, scratch.length, room) : body.read();
      if (count < 0) {
        return;
      }
      if (room > 0) {
        scratch.length += count;
        continue;
      }
      if (scratch.length == limits.maxBytes()) {
        throw tooLarge(limits.maxBytes(), " after decompression");
      }
      scratch.grow(limits.maxBytes());
      scratch.bytes[scratch.length++] = (byte) count;
    }
  }

  private RequestRefusedException refusal(IOException e, Transfer transfer, String encoding) {
    if (transfer.isTooLarge) {
      return tooLarge(limits.maxTransferredBytes(), "");
    }
    if (transfer.failure != null) {
      boolean isLate =
          transfer.failure instanceof TimeoutException
              || transfer.failure.getCause() instanceof TimeoutException;
      return isLate
          ? new RequestRefusedException(RequestRefusedException.TIMEOUT, "the body did not arrive")
          : RequestRefusedException.badRequest("the body did not arrive completely");
    }
    String why = e.getMessage() == null ? "it ends too early" : e.getMessage();
    return RequestRefusedException.badRequest(
        "the body is said to be " + encoding + ", but it cannot be decompressed: " + why);
  }

  private static RequestRefusedException tooLarge(int limit, String when) {
    return new RequestRefusedException(
        RequestRefusedException.TOO_LARGE,
        "the body has more than the " + limit + " bytes" + when + " that are allowed");
  }

  /** What {@code Content-Encoding} says, in lower case; empty if there is none. */
  private static String encodingOf(HttpServletRequest request) {
    String header = request.getHeader("Content-Encoding");
    return header == null ? "" : header.trim().toLowerCase(Locale.ROOT);
  }

  /** What to add to the reason why a body could not be parsed; empty if its encoding is known. */
  static String hint(HttpServletRequest request) {
    String encoding = encodingOf(request);
    return switch (encoding) {
      case "", "identity", GZIP, SNAPPY -> "";
      default ->
          "; the body was read as it is, as its content encoding "
              + Sentences.quote(encoding)
              + " is neither gzip nor snappy";
    };
  }

  /**
   * Reads what is left of a body that nobody needs, so that the connection can be used again.
   *
   * @return whether nothing is left
   */
  static boolean drain(HttpServletRequest request) {
    if (request.getContentLengthLong() > BodyLimits.MAX_DRAINED_BYTES
        || request.getHeader("Expect") != null) {
      return request.getContentLengthLong() == 0; // A client that waits is not to be told to go on.
    }
    byte[] bytes = new byte[DRAIN_BYTES];
    int left = BodyLimits.MAX_DRAINED_BYTES;
    try {
      InputStream body = request.getInputStream();
      int count = 0;
      while (left > 0 && (count = body.read(bytes)) >= 0) {
        left -= count;
      }
      return count < 0;
    } catch (IOException | RuntimeException e) {
      return false; // It will not arrive: the connection is of no use any more.
    }
  }

  /** The body as it is sent, counted; remembers whether the network or the client failed. */
  private static final class Transfer extends InputStream {
    private final HttpServletRequest request;
    private int left;
    private boolean isTooLarge;
    private boolean isAtEnd;
    private Exception failure;

    Transfer(HttpServletRequest request, int limit) {
      this.request = request;
      this.left = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count;
      try {
        count = request.getInputStream().read(target, offset, length);
      } catch (IOException | RuntimeException e) {
        // Jetty throws unchecked exceptions for a body that is badly chunked.
        failure = e;
        throw new IOException("the body did not arrive", e);
      }
      isAtEnd = count < 0;
      left -= Math.max(0, count);
      if (left < 0) {
        isTooLarge = true;
        throw new IOException("the body is too large");
      }
      return count;
    }

    /** More than 0 until the end: else {@code GZIPInputStream} does not look for a next member. */
    @Override
    public int available() {
      return isAtEnd ? 0 : 1;
    }
  }
}
