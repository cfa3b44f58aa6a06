package dev.pushgateway.http;

/**
 * How much of a body is read.
 *
 * @param maxTransferredBytes as they are sent, compressed or not
 * @param maxBytes after decompression
 */
record BodyLimits(int maxTransferredBytes, int maxBytes) {
  /** Far more than a sane push has: some 600,000 samples. */
  static final BodyLimits DEFAULT = new BodyLimits(64 << 20, 64 << 20);

  /** What is left of a refused request is read up to here, so that its connection can be kept. */
  static final int MAX_DRAINED_BYTES = 1 << 20;
}
