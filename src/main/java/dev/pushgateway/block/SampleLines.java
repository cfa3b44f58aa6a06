package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.Metric;

/**
 * Writes the sample lines of one family's metrics: one line for a number, several for a summary or
 * a histogram.
 *
 * <p>Not thread-safe.
 */
final class SampleLines {
  static final String QUANTILE = "quantile";
  static final String LE = "le";

  private final byte[] name;
  private final boolean legacyName;
  private final ByteArray text;

  /** The labels of the current metric, {@code a="1",b="2"}. */
  private ByteArray labels;

  private boolean hasLabels;
  private boolean isFirstLine;
  private int labelsFrom;
  private int labelsTo;

  SampleLines(byte[] name, boolean legacyName, ByteArray text) {
    this.name = name;
    this.legacyName = legacyName;
    this.text = text;
  }

  /** Returns where the labels start in the first line of the last added metric. */
  int labelsFrom() {
    return labelsFrom;
  }

  /** Returns where the labels end in the first line of the last added metric. */
  int labelsTo() {
    return labelsTo;
  }

  /** Adds the line of a number: the hot path. */
  void addNumber(double value, ByteArray encodedLabels) {
    boolean labelled = encodedLabels.length > 0;
    if (legacyName) {
      text.add(name);
      if (labelled) {
        text.add('{');
      }
    } else {
      TextLines.addLineStart(text, name, "", labelled);
    }
    labelsFrom = text.length;
    text.add(encodedLabels.bytes, 0, encodedLabels.length);
    labelsTo = text.length;
    TextLines.addLabelsEnd(text, legacyName, labelled);
    text.addNumber(value);
    text.add('\n');
  }

  void add(Metric.Value value, ByteArray encodedLabels) {
    if (value instanceof Metric.Number number) {
      addNumber(number.value(), encodedLabels);
      return;
    }
    labels = encodedLabels;
    hasLabels = encodedLabels.length > 0;
    isFirstLine = true;
    if (value instanceof Metric.Summary summary) {
      addSummary(summary);
    } else if (value instanceof Metric.Histogram histogram) {
      addHistogram(histogram);
    }
  }

  private void addSummary(Metric.Summary summary) {
    for (Metric.Quantile quantile : summary.quantiles()) {
      addLine("", QUANTILE, quantile.quantile(), quantile.value());
    }
    addLine("_sum", null, 0, summary.sum());
    addLine("_count", null, 0, count(0, summary.count()));
  }

  private void addHistogram(Metric.Histogram histogram) {
    double count = count(histogram.countFloat(), histogram.count());
    boolean infinitySeen = false;
    for (Metric.Bucket bucket : histogram.buckets()) {
      double cumulative = count(bucket.cumulativeCountFloat(), bucket.cumulativeCount());
      addLine("_bucket", LE, bucket.upperBound(), cumulative);
      infinitySeen |= bucket.upperBound() == Double.POSITIVE_INFINITY;
    }
    if (!infinitySeen) {
      addLine("_bucket", LE, Double.POSITIVE_INFINITY, count);
    }
    addLine("_sum", null, 0, histogram.sum());
    addLine("_count", null, 0, count);
  }

  private static double count(double asFloat, long unsigned) {
    if (asFloat != 0) {
      return asFloat;
    }
    return unsigned >= 0 ? unsigned : (unsigned >>> 1 | unsigned & 1) * 2.0;
  }

  private void addLine(String suffix, String extraLabel, double extraValue, double value) {
    boolean labelled = hasLabels || extraLabel != null;
    TextLines.addLineStart(text, name, suffix, labelled);
    if (isFirstLine) {
      isFirstLine = false;
      labelsFrom = text.length;
      labelsTo = text.length + labels.length;
    }
    text.add(labels.bytes, 0, labels.length);
    if (extraLabel != null) {
      addExtraLabel(extraLabel, extraValue);
    }
    TextLines.addLabelsEnd(text, legacyName, labelled);
    text.addNumber(value);
    text.add('\n');
  }

  private void addExtraLabel(String extraLabel, double value) {
    if (hasLabels) {
      text.add(',');
    }
    text.add(TextLines.utf8(extraLabel));
    text.add('=');
    text.add('"');
    text.addNumber(value);
    text.add('"');
  }
}
