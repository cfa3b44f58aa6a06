package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlockBuilder;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the summaries or histograms of one family from their lines. Lines with the same labels
 * are one metric, wherever they stand in the body.
 *
 * <p>Not thread-safe.
 */
final class RichMetrics {
  /** The kinds of samples in a summary or a histogram. */
  enum Part {
    /**
     * A quantile or a bucket. The line is ignored if its {@code quantile} or {@code le} is missing.
     */
    VALUE,
    SUM,
    COUNT
  }

  /**
   * The size of the length before each name and value in a key. Names may have any byte, so no
   * separator would do.
   */
  private static final int LENGTH_BYTES = 4;

  private static final VarHandle LENGTH =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final double TWO_TO_63 = 0x1p63;
  private static final double TWO_TO_64 = 0x1p64;

  private final boolean summaries;

  /** The metrics by key. Each byte of a key is one character. */
  private final Map<String, MetricParts> metrics = new LinkedHashMap<>();

  private byte[] previousKey = {0};
  private MetricParts previous;

  /** The labels of the current line, sorted: length, name, length, escaped value, … */
  private final ByteArray key = new ByteArray(64);

  RichMetrics(MetricType type) {
    summaries = type == MetricType.SUMMARY;
  }

  /**
   * Adds a line.
   *
   * @param labels without {@code quantile} and {@code le}
   * @param bound the value of {@code quantile} or {@code le}; NaN if there is none
   */
  void add(LabelBuffer labels, Part part, double value, double bound) {
    MetricParts metric = metric(labels);
    switch (part) {
      case SUM -> metric.sum = value;
      case COUNT -> metric.count = value;
      case VALUE -> {
        if (bound == bound && summaries) {
          metric.quantiles.add(new Metric.Quantile(bound, value));
        } else if (bound == bound) {
          metric.buckets.add(new Metric.Bucket(bound, whole(value), fraction(value), null));
        }
      }
    }
  }

  /**
   * Returns a histogram's count if it is a whole number of 64 bits, else 0. The count must not be
   * negative.
   */
  private static long whole(double count) {
    return isWhole(count) ? toUnsigned(count) : 0;
  }

  /** Returns a histogram's count if it is not a whole number of 64 bits, else 0. */
  private static double fraction(double count) {
    return isWhole(count) ? 0 : count;
  }

  private static boolean isWhole(double count) {
    return count == Math.rint(count) && count < TWO_TO_64;
  }

  /**
   * Converts the count of a summary to a whole number, as Go does on amd64. Fractions are cut off,
   * and negative numbers wrap. NaN and numbers out of range become 2⁶³.
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
    if (!Arrays.equals(previousKey, 0, previousKey.length, key.bytes, 0, key.length)) {
      previousKey = key.toArray();
      String text = new String(previousKey, StandardCharsets.ISO_8859_1);
      previous = metrics.computeIfAbsent(text, unused -> new MetricParts(summaries));
    }
    return previous;
  }

  private void addToKey(byte[] source, int from, int to) {
    key.reserve(LENGTH_BYTES);
    LENGTH.set(key.bytes, key.length, to - from);
    key.length += LENGTH_BYTES;
    key.add(source, from, to);
  }

  /** Adds all metrics to the builder of their family, when they are complete. */
  void addTo(FamilyBlockBuilder builder) {
    LabelBuffer labels = builder.labels();
    metrics.forEach(
        (text, metric) -> {
          labels.clear();
          addLabels(text.getBytes(StandardCharsets.ISO_8859_1), labels);
          builder.addRich(metric.value(summaries), true);
        });
  }

  private static void addLabels(byte[] key, LabelBuffer labels) {
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

  private static final class MetricParts {
    private final List<Metric.Quantile> quantiles;
    private final List<Metric.Bucket> buckets;
    private double sum;
    private double count;

    private MetricParts(boolean summary) {
      quantiles = summary ? new ArrayList<>(0) : List.of();
      buckets = summary ? List.of() : new ArrayList<>(0);
    }

    private Metric.Value value(boolean summary) {
      return summary
          ? new Metric.Summary(toUnsigned(count), sum, quantiles, null)
          : new Metric.Histogram(whole(count), fraction(count), sum, buckets, null, null);
    }
  }
}
