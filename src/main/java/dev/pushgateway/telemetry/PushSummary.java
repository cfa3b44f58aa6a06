package dev.pushgateway.telemetry;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** A summary of pushes by method, with quantiles 0.1, 0.5 and 0.9 as in the Go gateway. */
final class PushSummary implements Collector {
  private static final double[] QUANTILES = {0.1, 0.5, 0.9};

  private final String name;
  private final String help;
  private final double unit;
  private final LongSupplier nanoTime;
  private final Series post = new Series("post");
  private final Series put = new Series("put");

  /**
   * Creates a summary.
   *
   * @param unit an observed value times this is the exposed value
   */
  PushSummary(String name, String help, double unit, LongSupplier nanoTime) {
    this.name = name;
    this.help = help;
    this.unit = unit;
    this.nanoTime = nanoTime;
  }

  void observe(String method, long value, long now) {
    ("PUT".equals(method) ? put : post).observe(value, now);
  }

  @Override
  public MetricSnapshot collect() {
    SummarySnapshot.Builder snapshot = SummarySnapshot.builder().name(name).help(help);
    for (Series series : new Series[] {post, put}) {
      // A series appears with its first observation, like in Go.
      if (series.count.sum() > 0) {
        snapshot.dataPoint(series.snapshot(unit, nanoTime.getAsLong()));
      }
    }
    return snapshot.build();
  }

  private static final class Series {
    private final Labels labels;
    private final RecentQuantiles recent = new RecentQuantiles();
    private final LongAdder count = new LongAdder();
    private final LongAdder sum = new LongAdder();

    Series(String method) {
      labels = Labels.of("method", method);
    }

    void observe(long value, long now) {
      recent.observe(value, now);
      sum.add(value);
      count.increment();
    }

    SummarySnapshot.SummaryDataPointSnapshot snapshot(double unit, long now) {
      double[] values = recent.quantiles(now, QUANTILES);
      Quantiles.Builder quantiles = Quantiles.builder();
      for (int i = 0; i < QUANTILES.length; i++) {
        quantiles.quantile(new Quantile(QUANTILES[i], values[i] * unit));
      }
      return SummarySnapshot.SummaryDataPointSnapshot.builder()
          .labels(labels)
          .quantiles(quantiles.build())
          .count(count.sum())
          .sum(sum.sum() * unit)
          .build();
    }
  }
}
