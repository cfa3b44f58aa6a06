package dev.pushgateway.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import org.junit.jupiter.api.Test;

/** How often what costs much is collected. */
class CachedMetricsTest {
  private int collections;
  private long nanoTime = Long.MAX_VALUE; // Which is no reason to stand still.

  private final CachedMetrics cached = new CachedMetrics(costly(), () -> nanoTime);

  private PrometheusRegistry costly() {
    PrometheusRegistry registry = new PrometheusRegistry();
    GaugeWithCallback.builder()
        .name("collections")
        .callback(callback -> callback.call(++collections))
        .register(registry);
    return registry;
  }

  private double collected() {
    GaugeSnapshot gauge = (GaugeSnapshot) cached.collect().stream().findFirst().orElseThrow();
    return gauge.getDataPoints().get(0).getValue();
  }

  @Test
  void collectsOnceASecond() {
    assertEquals(1, collected());
    assertEquals(1, collected());
    nanoTime += 1_000_000_000L;
    assertEquals(1, collected());
    nanoTime += 1;
    assertEquals(2, collected());
    assertEquals(2, collected());
    assertEquals(2, collections);
  }
}
