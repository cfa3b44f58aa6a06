package dev.pushgateway.telemetry;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Metrics that cost much to collect, and are collected once a second at most, however often
 * somebody scrapes. Thread-safe.
 */
final class CachedExposition {
  private static final long MAX_AGE_NANOS = 1_000_000_000L;

  private final Supplier<byte[]> source;
  private final LongSupplier nanoTime;
  private byte[] collected;
  private long collectedNanos;

  CachedExposition(Supplier<byte[]> source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
  }

  /** What the source has answered within the last second; the same array until it is asked anew. */
  synchronized byte[] text() {
    long now = nanoTime.getAsLong();
    if (collected == null || now - collectedNanos > MAX_AGE_NANOS) {
      collected = source.get();
      collectedNanos = now;
    }
    return collected;
  }
}
