package dev.pushgateway.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.LongSupplier;

/**
 * Metrics that cost much to collect, and are collected once a second at most, however often
 * somebody scrapes.
 */
final class CachedMetrics implements MultiCollector {
  private static final long MAX_AGE_NANOS = 1_000_000_000L;

  private final PrometheusRegistry source;
  private final LongSupplier nanoTime;
  private MetricSnapshots collected;
  private long collectedNanos;

  CachedMetrics(PrometheusRegistry source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized MetricSnapshots collect() {
    long now = nanoTime.getAsLong();
    if (collected == null || now - collectedNanos > MAX_AGE_NANOS) {
      collected = source.scrape();
      collectedNanos = now;
    }
    return collected;
  }
}
