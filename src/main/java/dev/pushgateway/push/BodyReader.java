package dev.pushgateway.push;

import dev.pushgateway.admission.BodyLimits;
import dev.pushgateway.admission.HeapBudget;
import dev.pushgateway.admission.OverloadedException;
import dev.pushgateway.request.RequestRefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/**
 * Reads the body of a push. Decompresses it if {@code Content-Encoding} is {@code gzip} or {@code
 * snappy}; reads any other encoding without a change, as the Go gateway does.
 *
 * <p>Bytes are counted before and after decompression, so that a small body cannot become too large
 * in memory.
 */
record BodyReader(BodyLimits limits) {
  static final String GZIP = "gzip";
  static final String SNAPPY = "snappy";

  /**
   * Reads a whole body.
   *
   * @param scratch receives the body
   * @param memory reserves memory for the body
   * @throws OverloadedException if there is no room
   * @throws RequestRefusedException if the body is too large, cannot be decompressed, or does not
   *     arrive
   */
  void read(HttpServletRequest request, PushScratch scratch, HeapBudget.Reservation memory)
      throws OverloadedException, RequestRefusedException {
    checkLength(request);
    String encoding = encodingOf(request);
    Transfer transfer = new Transfer(request, limits);
    try (InputStream body = decoded(transfer, encoding)) {
      long expected = body == transfer ? request.getContentLengthLong() : -1;
      readAll(body, expected, scratch, memory);
      checkIsWhole(scratch.length, expected);
    } catch (IOException e) {
      throw refusal(e, transfer, encoding);
    }
  }

  /** Refuses a body whose {@code Content-Length} exceeds the limit. */
  void checkLength(HttpServletRequest request) throws RequestRefusedException {
    long length = request.getContentLengthLong();
    if (length > limits.maxTransferredBytes()) {
      throw tooLarge("the body has " + length + " bytes", limits.maxTransferredBytes());
    }
  }

  /**
   * Refuses a body that has lost bytes before it came here. Form filters of web frameworks read the
   * body of {@code curl --data-binary}, and an empty body would remove all metrics of the group.
   */
  private static void checkIsWhole(int length, long expected) throws RequestRefusedException {
    if (length < expected) {
      throw RequestRefusedException.badRequest(
          "only "
              + length
              + " of "
              + expected
              + " bytes of the body are left; a filter before the gateway must not read it");
    }
  }

  private static InputStream decoded(InputStream transfer, String encoding) throws IOException {
    return switch (encoding) {
      case GZIP -> new GzipMembers(transfer);
      case SNAPPY -> new SnappyFramedInputStream(transfer);
      default -> transfer;
    };
  }

  /**
   * Reads all of a body.
   *
   * @param expected the length of the body; negative if unknown
   */
  private void readAll(
      InputStream body, long expected, PushScratch scratch, HeapBudget.Reservation memory)
      throws IOException, OverloadedException, RequestRefusedException {
    int maxBytes = (int) limits.maxBytes(); // At most the length of an array.
    long maxLength = Math.min(maxBytes, memory.largestBody());
    scratch.length = 0;
    while (true) {
      int room = Math.min(scratch.bytes.length, maxBytes) - scratch.length;
      int count = room > 0 ? body.read(scratch.bytes, scratch.length, room) : body.read();
      if (count < 0) {
        int arrayLength = PushScratch.arrayLength(scratch.length - 1, maxLength, expected);
        memory.takeBody(arrayLength, scratch.length); // Also for a reused array.
        memory.keepBody(arrayLength);
        return;
      }
      if (room > 0) {
        scratch.length += count;
        continue;
      }
      if (scratch.length == maxBytes) {
        throw tooLarge(
            body instanceof Transfer
                ? "the body is too large"
                : "the decompressed body is too large",
            maxBytes);
      }
      if (scratch.length == scratch.bytes.length) {
        int longer = PushScratch.arrayLength(scratch.length, maxLength, expected);
        memory.takeBody(longer, Math.max(expected, scratch.length + 1));
        scratch.grow(longer);
      }
      scratch.bytes[scratch.length++] = (byte) count;
    }
  }

  private RequestRefusedException refusal(IOException e, Transfer transfer, String encoding) {
    if (transfer.isTooLarge) {
      return tooLarge("the body is too large", limits.maxTransferredBytes());
    }
    if (!transfer.slowness.isEmpty()) {
      return new RequestRefusedException(RequestRefusedException.TIMEOUT, transfer.slowness);
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
        "the body cannot be decompressed as " + encoding + ": " + why);
  }

  private static RequestRefusedException tooLarge(String found, long limit) {
    return new RequestRefusedException(
        RequestRefusedException.TOO_LARGE,
        found + "; the limit is " + limit + " bytes (--push.max-body-bytes)");
  }

  /**
   * Returns the {@code Content-Encoding} in lower case; empty if there is none. RFC 9110 makes
   * x-gzip an alias of gzip.
   */
  static String encodingOf(HttpServletRequest request) {
    String header = request.getHeader("Content-Encoding");
    String encoding = header == null ? "" : header.trim().toLowerCase(Locale.ROOT);
    return encoding.equals("x-gzip") ? GZIP : encoding;
  }

  /** Counts and times the body as it arrives, and remembers its failure. */
  private static final class Transfer extends InputStream {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final HttpServletRequest request;
    private final BodyLimits limits;
    private long transferred;

    /** The arrival of the second part; most bodies have only one part. */
    private long since;

    private boolean isTooLarge;
    private String slowness = "";
    private Exception failure;

    Transfer(HttpServletRequest request, BodyLimits limits) {
      this.request = request;
      this.limits = limits;
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
        // Jetty throws unchecked exceptions if the chunks of a body are malformed.
        failure = e;
        throw new IOException("the body did not arrive", e);
      }
      if (count < 0) {
        return count;
      }
      if (transferred > 0) {
        checkPace();
      }
      transferred += count;
      if (transferred > limits.maxTransferredBytes()) {
        isTooLarge = true;
        throw new IOException("the body is too large");
      }
      return count;
    }

    private void checkPace() throws IOException {
      long now = System.nanoTime();
      if (since == 0) {
        since = now;
        return;
      }
      long nanos = now - since;
      long seconds = nanos / NANOS_PER_SECOND;
      if (nanos > limits.timeout().toNanos()) {
        slowness =
            "the body has not arrived within " + limits.timeout().toMillis() / 1000.0 + " seconds";
      } else if (seconds >= BodyLimits.GRACE_SECONDS
          && transferred / seconds < limits.minBytesPerSecond()) {
        slowness =
            String.format(
                "the body arrives too slowly, %d bytes in %d seconds; %d bytes per second are"
                    + " expected",
                transferred, seconds, limits.minBytesPerSecond());
      }
      if (!slowness.isEmpty()) {
        throw new IOException(slowness);
      }
    }
  }
}
