package dev.pushgateway.listing;

import dev.pushgateway.bytes.NumberWriter;
import dev.pushgateway.model.Metric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A bucket of a native histogram with computed bounds.
 *
 * @param boundaries the bounds that belong to the bucket: 0 only the upper, 1 only the lower, 2
 *     neither, 3 both
 * @param count number of observations in this bucket alone, in the format of the Go gateway's API
 */
public record NativeBucket(int boundaries, double lower, double upper, String count) {
  private static final int UPPER_ONLY = 0;
  private static final int LOWER_ONLY = 1;
  private static final int NEITHER = 2;
  private static final int BOTH = 3;

  /**
   * Returns the buckets of a histogram that are not empty, in ascending order.
   *
   * <p>If spans have more buckets than the message, the missing ones are ignored. If the bounds of
   * the schema are unknown (custom buckets or a number without a meaning), only the bucket around
   * zero is returned.
   */
  public static List<NativeBucket> of(Metric.Histogram histogram) {
    Metric.NativeBuckets buckets = histogram.nativeBuckets();
    if (buckets == null) {
      return List.of();
    }
    boolean isFloat = histogram.countFloat() > 0 || buckets.zeroCountFloat() > 0;
    List<NativeBucket> all = new ArrayList<>();
    if (NativeBounds.isKnown(buckets.schema())) {
      addSide(all, buckets, isFloat, true);
      Collections.reverse(all);
    }
    addZero(all, buckets, isFloat);
    if (NativeBounds.isKnown(buckets.schema())) {
      addSide(all, buckets, isFloat, false);
    }
    return all;
  }

  private static void addZero(
      List<NativeBucket> all, Metric.NativeBuckets buckets, boolean isFloat) {
    boolean isEmpty = isFloat ? buckets.zeroCountFloat() == 0 : buckets.zeroCount() == 0;
    if (isEmpty) {
      return;
    }
    String count =
        isFloat
            ? NumberWriter.toString(buckets.zeroCountFloat())
            : Long.toUnsignedString(buckets.zeroCount());
    all.add(new NativeBucket(BOTH, -buckets.zeroThreshold(), buckets.zeroThreshold(), count));
  }

  private static void addSide(
      List<NativeBucket> all, Metric.NativeBuckets buckets, boolean isFloat, boolean negative) {
    List<Metric.Span> spans = negative ? buckets.negativeSpans() : buckets.positiveSpans();
    List<Long> deltas = negative ? buckets.negativeDeltas() : buckets.positiveDeltas();
    List<Double> counts = negative ? buckets.negativeCounts() : buckets.positiveCounts();
    int size = isFloat ? counts.size() : deltas.size();
    int next = 0;
    int index = 0;
    long whole = 0;
    for (Metric.Span span : spans) {
      index += span.offset();
      for (int i = 0; next < size && Integer.compareUnsigned(i, span.length()) < 0; i++) {
        whole += isFloat ? 0 : deltas.get(next);
        if (isFloat ? counts.get(next) != 0 : whole != 0) {
          String count =
              isFloat ? NumberWriter.toString(counts.get(next)) : Long.toUnsignedString(whole);
          all.add(ofIndex(index, buckets.schema(), negative, count));
        }
        next++;
        index++;
      }
    }
  }

  private static NativeBucket ofIndex(int index, int schema, boolean negative, String count) {
    double inner = NativeBounds.upperBound(index - 1, schema);
    double outer = NativeBounds.upperBound(index, schema);
    double lower = negative ? -outer : inner;
    double upper = negative ? -inner : outer;
    // A bound that has become zero does not belong to the bucket.
    boolean hasLower = lower < 0;
    boolean hasUpper = upper > 0;
    int boundaries = hasLower ? (hasUpper ? BOTH : LOWER_ONLY) : (hasUpper ? UPPER_ONLY : NEITHER);
    return new NativeBucket(boundaries, lower, upper, count);
  }
}
