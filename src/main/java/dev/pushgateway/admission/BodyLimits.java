package dev.pushgateway.admission;

import java.time.Duration;

/**
 * How much of a body is read, and how long it may take. 0 stands for no limit.
 *
 * @param maxTransferredBytes as they are sent, compressed or not
 * @param maxBytes after decompression
 * @param timeout from the first byte to the last
 * @param minBytesPerSecond of the body as it is sent, on average, once {@link #GRACE_SECONDS} have
 *     passed
 */
public record BodyLimits(
    long maxTransferredBytes, long maxBytes, Duration timeout, long minBytesPerSecond) {
  /** Those of the defaults of the flags: some 600,000 samples. */
  public static final BodyLimits DEFAULT =
      new BodyLimits(64 << 20, 64 << 20, Duration.ofMinutes(5), 512);

  /** How long a body may arrive at any speed. */
  public static final long GRACE_SECONDS = 10;

  /** Some JVMs have no longer arrays. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  public BodyLimits {
    maxTransferredBytes = maxTransferredBytes == 0 ? Long.MAX_VALUE : maxTransferredBytes;
    maxBytes = maxBytes == 0 ? LONGEST_ARRAY : Math.min(maxBytes, LONGEST_ARRAY);
    timeout = timeout.isZero() ? Duration.ofNanos(Long.MAX_VALUE) : timeout;
  }
}
