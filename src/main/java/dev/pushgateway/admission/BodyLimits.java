package dev.pushgateway.admission;

import java.time.Duration;

/**
 * Limits the size of a body and the time in which it must arrive. 0 means no limit.
 *
 * @param maxTransferredBytes as sent, compressed or not
 * @param maxBytes after decompression
 * @param timeout from the first byte to the last
 * @param minBytesPerSecond of the body as sent, on average, after {@link #GRACE_SECONDS}
 */
public record BodyLimits(
    long maxTransferredBytes, long maxBytes, Duration timeout, long minBytesPerSecond) {
  /** The defaults of the flags. A body of 64 MiB has about 600,000 samples. */
  public static final BodyLimits DEFAULT =
      new BodyLimits(64 << 20, 64 << 20, Duration.ofMinutes(5), 512);

  /** For this many seconds, a body may arrive at any speed. */
  public static final long GRACE_SECONDS = 10;

  /** Some JVMs cannot create longer arrays. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  public BodyLimits {
    maxTransferredBytes = maxTransferredBytes == 0 ? Long.MAX_VALUE : maxTransferredBytes;
    maxBytes = maxBytes == 0 ? LONGEST_ARRAY : Math.min(maxBytes, LONGEST_ARRAY);
    timeout = timeout.isZero() ? Duration.ofNanos(Long.MAX_VALUE) : timeout;
  }
}
