package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlockBuilder;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.SeriesHash;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The summaries or histograms of one family, put together from their lines: those with the same
 * labels are one metric, wherever they stand in the body.
 *
 * <p>Not thread-safe.
 */
final class RichMetrics {
  /** Which of a summary's or histogram's samples a line is. */
  enum Part {
    /** A quantile or a bucket; nothing, if the label is missing that tells which. */
    VALUE,
    SUM,
    COUNT
  }

  /** Names and values in a key have their lengths before them: a name may have any byte in it. */
  private static final int LENGTH_BYTES = 4;

  private static final VarHandle LENGTH =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final double TWO_TO_63 = 0x1p63;

  private final boolean summaries;
  private final List<MetricParts> metrics = new ArrayList<>();

  /** Hash table of metrics with open addressing, at most half full; its length a power of two. */
  private MetricParts[] table = new MetricParts[16];

  private MetricParts previous = new MetricParts(new byte[] {0});

  /** The labels of the line at hand, sorted: length, name, length, escaped value, … */
  private final ByteArray key = new ByteArray(64);

  RichMetrics(MetricType type) {
    summaries = type == MetricType.SUMMARY;
  }

  /**
   * Adds a line.
   *
   * @param labels without that of the bound; their values are escaped
   * @param bound which quantile or bucket it is, NaN if it is neither
   */
  void add(LabelBuffer labels, Part part, double value, double bound) {
    MetricParts metric = metric(labels);
    switch (part) {
      case SUM:
        metric.sum = value;
        break;
      case COUNT:
        metric.count = toUnsigned(value);
        break;
      case VALUE:
        if (bound == bound) {
          addBound(metric, bound, value);
        }
    }
  }

  private void addBound(MetricParts metric, double bound, double value) {
    if (summaries) {
      metric.quantiles.add(new Metric.Quantile(bound, value));
    } else {
      metric.buckets.add(new Metric.Bucket(bound, toUnsigned(value), 0, null));
    }
  }

  /**
   * Makes a count, which is a whole number in the text format, as Go does on amd64: fractions are
   * cut off, negative numbers wrap, and beyond the limits and for NaN the result is 2⁶³.
   */
  static long toUnsigned(double value) {
    double signed = value < TWO_TO_63 ? value : value - TWO_TO_63;
    boolean fits = signed >= -TWO_TO_63 && signed < TWO_TO_63;
    long bits = fits ? (long) signed : Long.MIN_VALUE;
    return value < TWO_TO_63 ? bits : bits | Long.MIN_VALUE;
  }

  private MetricParts metric(LabelBuffer labels) {
    labels.sort();
    key.length = 0;
    for (int i = 0; i < labels.size(); i++) {
      addToKey(labels.nameSource(i), labels.nameFrom(i), labels.nameTo(i));
      addToKey(labels.valueSource(i), labels.valueFrom(i), labels.valueTo(i));
    }
    if (!previous.hasKey(key)) {
      previous = find();
    }
    return previous;
  }

  private void addToKey(byte[] source, int from, int to) {
    key.reserve(LENGTH_BYTES);
    LENGTH.set(key.bytes, key.length, to - from);
    key.length += LENGTH_BYTES;
    key.add(source, from, to);
  }

  private MetricParts find() {
    int slot = slot(key.bytes, key.length);
    if (table[slot] != null) {
      return table[slot];
    }
    MetricParts metric = new MetricParts(key.toArray());
    metrics.add(metric);
    if (metrics.size() > table.length / 2) {
      grow();
    } else {
      table[slot] = metric;
    }
    return metric;
  }

  private int slot(byte[] bytes, int length) {
    int mask = table.length - 1;
    int slot = (int) SeriesHash.hash(bytes, 0, length, 0) & mask;
    while (table[slot] != null
        && !Arrays.equals(bytes, 0, length, table[slot].key, 0, table[slot].key.length)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    table = new MetricParts[table.length * 2];
    for (MetricParts metric : metrics) {
      table[slot(metric.key, metric.key.length)] = metric;
    }
  }

  /** Adds all the metrics, now that they are complete, to their family. */
  void addTo(FamilyBlockBuilder builder) {
    LabelBuffer labels = builder.labels();
    for (MetricParts metric : metrics) {
      labels.clear();
      metric.addLabelsTo(labels);
      builder.addRich(summaries ? metric.summary() : metric.histogram(), true);
    }
  }

  /** What is known of one summary or histogram. */
  private static final class MetricParts {
    private final byte[] key;
    private final List<Metric.Quantile> quantiles = new ArrayList<>(0);
    private final List<Metric.Bucket> buckets = new ArrayList<>(0);
    private double sum;
    private long count;

    private MetricParts(byte[] key) {
      this.key = key;
    }

    private boolean hasKey(ByteArray other) {
      return Arrays.equals(key, 0, key.length, other.bytes, 0, other.length);
    }

    private void addLabelsTo(LabelBuffer labels) {
      int at = 0;
      while (at < key.length) {
        int nameFrom = at + LENGTH_BYTES;
        int nameTo = nameFrom + (int) LENGTH.get(key, at);
        int valueFrom = nameTo + LENGTH_BYTES;
        int valueTo = valueFrom + (int) LENGTH.get(key, nameTo);
        labels.add(key, nameFrom, nameTo, key, valueFrom, valueTo);
        at = valueTo;
      }
    }

    private Metric.Summary summary() {
      return new Metric.Summary(count, sum, quantiles, null);
    }

    private Metric.Histogram histogram() {
      return new Metric.Histogram(count, 0, sum, buckets, null, null);
    }
  }
}
