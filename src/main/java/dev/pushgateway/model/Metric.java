package dev.pushgateway.model;

import java.util.List;

/**
 * One label set in a family, with its value.
 *
 * <p>This plain form serves the listing, the slow paths and the tests. The store and the scrape use
 * a {@link dev.pushgateway.block.FamilyBlock}.
 *
 * @param labels without {@code le} and {@code quantile}, which are part of the value
 */
public record Metric(Labels labels, Value value) {

  /** The value of a metric: a number, a summary or a histogram. */
  public sealed interface Value permits Number, Summary, Histogram {}

  /**
   * The value of a counter, a gauge or an untyped metric.
   *
   * @param exemplar {@code null} if there is none; only counters have one
   * @param created when counting began, or {@code null} if unknown; only counters have it
   */
  public record Number(double value, Exemplar exemplar, Timestamp created) implements Value {
    public Number(double value) {
      this(value, null, null);
    }
  }

  /**
   * Quantiles, sum and count of observations.
   *
   * @param count unsigned
   * @param created when counting began, or {@code null} if unknown
   */
  public record Summary(long count, double sum, List<Quantile> quantiles, Timestamp created)
      implements Value {}

  /**
   * One quantile of a summary.
   *
   * @param quantile the part of the observations that is not above {@code value}, from 0 to 1
   */
  public record Quantile(double quantile, double value) {}

  /**
   * A histogram with classic buckets, native ones, or both; whole or floating-point counts.
   *
   * @param count unsigned; overridden by {@code countFloat} if that is greater than 0
   * @param buckets cumulative, in the order they were pushed
   * @param nativeBuckets {@code null} for a histogram that only has classic buckets
   * @param created when counting began, or {@code null} if unknown
   */
  public record Histogram(
      long count,
      double countFloat,
      double sum,
      List<Bucket> buckets,
      NativeBuckets nativeBuckets,
      Timestamp created)
      implements Value {

    /** Returns whether the total count or the count of a classic bucket is negative. */
    public boolean hasNegativeCount() {
      return countFloat < 0 || buckets.stream().anyMatch(bucket -> bucket.cumulativeCountFloat < 0);
    }
  }

  /**
   * A classic bucket.
   *
   * @param cumulativeCount unsigned; overridden by {@code cumulativeCountFloat} if that is greater
   *     than 0
   * @param exemplar {@code null} if there is none
   */
  public record Bucket(
      double upperBound, long cumulativeCount, double cumulativeCountFloat, Exemplar exemplar) {}

  /**
   * The buckets of a native histogram, field by field as in the protobuf schema.
   *
   * @param zeroCount unsigned; overridden by {@code zeroCountFloat} if that is greater than 0
   */
  public record NativeBuckets(
      int schema,
      double zeroThreshold,
      long zeroCount,
      double zeroCountFloat,
      List<Span> negativeSpans,
      List<Long> negativeDeltas,
      List<Double> negativeCounts,
      List<Span> positiveSpans,
      List<Long> positiveDeltas,
      List<Double> positiveCounts,
      List<Exemplar> exemplars) {}

  /**
   * A row of adjacent buckets of a native histogram.
   *
   * @param offset the number of buckets between the span before and this one; the first span counts
   *     from bucket 0
   * @param length the number of buckets
   */
  public record Span(int offset, int length) {}

  /**
   * An observation that stands for others, usually with a trace id among its labels.
   *
   * @param timestamp {@code null} if there is none
   */
  public record Exemplar(Labels labels, double value, Timestamp timestamp) {}

  /** A moment: seconds since 1970, and nanoseconds within the second. */
  public record Timestamp(long seconds, int nanos) {}
}
