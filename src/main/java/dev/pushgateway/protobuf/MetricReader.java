package dev.pushgateway.protobuf;

import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the value of a {@code Metric} message, field by field.
 *
 * <p>Follows the protobuf rules for fields that come again. A scalar replaces the earlier one, a
 * message is merged with the earlier one, and a repeated field is continued. Values that do not
 * suit the family's type are decoded, too, so that a broken one is noticed and not kept.
 *
 * <p>For one metric; not thread-safe.
 */
public final class MetricReader {
  private NumberFields gauge;
  private NumberFields counter;
  private NumberFields untyped;
  private SummaryFields summary;
  private HistogramFields histogram;

  /** Reads a field whose tag has just been read. Labels are the caller's task. */
  public void readField(int tag, ProtobufReader in) throws ExpositionException {
    switch (tag) {
      case ProtobufTags.METRIC_GAUGE ->
          gauge = (gauge == null ? new NumberFields() : gauge).read(in, ProtobufSchema.GAUGE);
      case ProtobufTags.METRIC_COUNTER ->
          counter =
              (counter == null ? new NumberFields() : counter).read(in, ProtobufSchema.COUNTER);
      case ProtobufTags.METRIC_UNTYPED ->
          untyped = (untyped == null ? new NumberFields() : untyped).read(in, ProtobufSchema.GAUGE);
      case ProtobufTags.METRIC_SUMMARY ->
          summary = (summary == null ? new SummaryFields() : summary).read(in);
      case ProtobufTags.METRIC_HISTOGRAM ->
          histogram = (histogram == null ? new HistogramFields() : histogram).read(in);
      case ProtobufTags.METRIC_TIMESTAMP_MILLIS -> in.readVarint();
      default -> in.skipUnknown(tag, ProtobufSchema.METRIC);
    }
  }

  /** Returns the value for a family of this type; {@code null} if the message has none. */
  public Metric.Value value(MetricType type) {
    return switch (type) {
      case COUNTER -> counter == null ? null : counter.toValue();
      case GAUGE -> gauge == null ? null : gauge.toValue();
      case UNTYPED -> untyped == null ? null : untyped.toValue();
      case SUMMARY -> summary == null ? null : summary.toValue();
      case HISTOGRAM, GAUGE_HISTOGRAM -> histogram == null ? null : histogram.toValue();
    };
  }

  /** Returns the maximum number of text lines that the value takes. */
  public long maxLines() {
    return 3L
        + (summary == null ? 0 : summary.quantiles.size())
        + (histogram == null ? 0 : histogram.buckets.size());
  }

  private static final class NumberFields {
    private double value;
    private ExemplarFields exemplar;
    private TimestampFields created;

    NumberFields read(ProtobufReader in, ProtobufSchema message) throws ExpositionException {
      boolean isCounter = message == ProtobufSchema.COUNTER;
      int outerLimit = in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        if (tag == ProtobufTags.NUMBER_VALUE) {
          value = in.readDouble();
        } else if (isCounter && tag == ProtobufTags.COUNTER_EXEMPLAR) {
          exemplar = ExemplarFields.read(in, exemplar);
        } else if (isCounter && tag == ProtobufTags.COUNTER_CREATED) {
          created = TimestampFields.read(in, created);
        } else {
          in.skipUnknown(tag, message);
        }
      }
      in.leave(outerLimit);
      return this;
    }

    Metric.Number toValue() {
      return new Metric.Number(
          value, ExemplarFields.toValue(exemplar), TimestampFields.toValue(created));
    }
  }

  private static final class SummaryFields {
    private long count;
    private double sum;
    private final List<Metric.Quantile> quantiles = new ArrayList<>();
    private TimestampFields created;

    SummaryFields read(ProtobufReader in) throws ExpositionException {
      int outerLimit = in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        switch (tag) {
          case ProtobufTags.SUMMARY_COUNT -> count = in.readVarint();
          case ProtobufTags.SUMMARY_SUM -> sum = in.readDouble();
          case ProtobufTags.SUMMARY_QUANTILE -> quantiles.add(readQuantile(in));
          case ProtobufTags.SUMMARY_CREATED -> created = TimestampFields.read(in, created);
          default -> in.skipUnknown(tag, ProtobufSchema.SUMMARY);
        }
      }
      in.leave(outerLimit);
      return this;
    }

    private static Metric.Quantile readQuantile(ProtobufReader in) throws ExpositionException {
      double quantile = 0;
      double value = 0;
      int outerLimit = in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        switch (tag) {
          case ProtobufTags.QUANTILE_QUANTILE -> quantile = in.readDouble();
          case ProtobufTags.QUANTILE_VALUE -> value = in.readDouble();
          default -> in.skipUnknown(tag, ProtobufSchema.QUANTILE);
        }
      }
      in.leave(outerLimit);
      return new Metric.Quantile(quantile, value);
    }

    Metric.Summary toValue() {
      return new Metric.Summary(
          count, sum, List.copyOf(quantiles), TimestampFields.toValue(created));
    }
  }

  private static final class HistogramFields {
    private long count;
    private double countFloat;
    private double sum;
    private final List<Metric.Bucket> buckets = new ArrayList<>();
    private TimestampFields created;

    /** True if the message has a field that only native histograms have. */
    private boolean isNative;

    private int schema;
    private double zeroThreshold;
    private long zeroCount;
    private double zeroCountFloat;
    private final SideFields negative = new SideFields();
    private final SideFields positive = new SideFields();
    private final List<Metric.Exemplar> exemplars = new ArrayList<>();

    HistogramFields read(ProtobufReader in) throws ExpositionException {
      int outerLimit = in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        switch (tag) {
          case ProtobufTags.HISTOGRAM_COUNT -> count = in.readVarint();
          case ProtobufTags.HISTOGRAM_COUNT_FLOAT -> countFloat = in.readDouble();
          case ProtobufTags.HISTOGRAM_SUM -> sum = in.readDouble();
          case ProtobufTags.HISTOGRAM_BUCKET -> buckets.add(readBucket(in));
          case ProtobufTags.HISTOGRAM_CREATED -> created = TimestampFields.read(in, created);
          default -> readNative(tag, in);
        }
      }
      in.leave(outerLimit);
      return this;
    }

    private void readNative(int tag, ProtobufReader in) throws ExpositionException {
      switch (tag) {
        case ProtobufTags.HISTOGRAM_SCHEMA -> schema = in.readSigned32();
        case ProtobufTags.HISTOGRAM_ZERO_THRESHOLD -> zeroThreshold = in.readDouble();
        case ProtobufTags.HISTOGRAM_ZERO_COUNT -> zeroCount = in.readVarint();
        case ProtobufTags.HISTOGRAM_ZERO_COUNT_FLOAT -> zeroCountFloat = in.readDouble();
        case ProtobufTags.HISTOGRAM_NEGATIVE_SPAN -> negative.readSpan(in);
        case ProtobufTags.HISTOGRAM_NEGATIVE_DELTA -> negative.deltas.add(in.readSigned());
        case ProtobufTags.HISTOGRAM_NEGATIVE_DELTAS_PACKED -> negative.readDeltas(in);
        case ProtobufTags.HISTOGRAM_NEGATIVE_COUNT -> negative.counts.add(in.readDouble());
        case ProtobufTags.HISTOGRAM_NEGATIVE_COUNTS_PACKED -> negative.readCounts(in);
        case ProtobufTags.HISTOGRAM_POSITIVE_SPAN -> positive.readSpan(in);
        case ProtobufTags.HISTOGRAM_POSITIVE_DELTA -> positive.deltas.add(in.readSigned());
        case ProtobufTags.HISTOGRAM_POSITIVE_DELTAS_PACKED -> positive.readDeltas(in);
        case ProtobufTags.HISTOGRAM_POSITIVE_COUNT -> positive.counts.add(in.readDouble());
        case ProtobufTags.HISTOGRAM_POSITIVE_COUNTS_PACKED -> positive.readCounts(in);
        case ProtobufTags.HISTOGRAM_EXEMPLAR ->
            exemplars.add(ExemplarFields.toValue(ExemplarFields.read(in, null)));
        default -> {
          in.skipUnknown(tag, ProtobufSchema.HISTOGRAM);
          return;
        }
      }
      isNative = true;
    }

    private static Metric.Bucket readBucket(ProtobufReader in) throws ExpositionException {
      double upperBound = 0;
      long count = 0;
      double countFloat = 0;
      ExemplarFields exemplar = null;
      int outerLimit = in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        switch (tag) {
          case ProtobufTags.BUCKET_COUNT -> count = in.readVarint();
          case ProtobufTags.BUCKET_UPPER_BOUND -> upperBound = in.readDouble();
          case ProtobufTags.BUCKET_EXEMPLAR -> exemplar = ExemplarFields.read(in, exemplar);
          case ProtobufTags.BUCKET_COUNT_FLOAT -> countFloat = in.readDouble();
          default -> in.skipUnknown(tag, ProtobufSchema.BUCKET);
        }
      }
      in.leave(outerLimit);
      return new Metric.Bucket(upperBound, count, countFloat, ExemplarFields.toValue(exemplar));
    }

    Metric.Histogram toValue() {
      return new Metric.Histogram(
          count,
          countFloat,
          sum,
          List.copyOf(buckets),
          isNative ? nativeBuckets() : null,
          TimestampFields.toValue(created));
    }

    private Metric.NativeBuckets nativeBuckets() {
      return new Metric.NativeBuckets(
          schema,
          zeroThreshold,
          zeroCount,
          zeroCountFloat,
          List.copyOf(negative.spans),
          List.copyOf(negative.deltas),
          List.copyOf(negative.counts),
          List.copyOf(positive.spans),
          List.copyOf(positive.deltas),
          List.copyOf(positive.counts),
          List.copyOf(exemplars));
    }
  }

  /** The buckets of a native histogram on one side of zero. */
  private static final class SideFields {
    private final List<Metric.Span> spans = new ArrayList<>();
    private final List<Long> deltas = new ArrayList<>();
    private final List<Double> counts = new ArrayList<>();

    void readSpan(ProtobufReader in) throws ExpositionException {
      int offset = 0;
      int length = 0;
      int outerLimit = in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        switch (tag) {
          case ProtobufTags.SPAN_OFFSET -> offset = in.readSigned32();
          case ProtobufTags.SPAN_LENGTH -> length = (int) in.readVarint();
          default -> in.skipUnknown(tag, ProtobufSchema.SPAN);
        }
      }
      in.leave(outerLimit);
      spans.add(new Metric.Span(offset, length));
    }

    void readDeltas(ProtobufReader in) throws ExpositionException {
      int outerLimit = in.enter();
      while (in.hasMore()) {
        deltas.add(in.readSigned());
      }
      in.leave(outerLimit);
    }

    void readCounts(ProtobufReader in) throws ExpositionException {
      int outerLimit = in.enter();
      while (in.hasMore()) {
        counts.add(in.readDouble());
      }
      in.leave(outerLimit);
    }
  }

  private static final class ExemplarFields {
    private final LabelFields labels = new LabelFields();
    private double value;
    private TimestampFields timestamp;

    /**
     * Reads an exemplar and merges it into the earlier one.
     *
     * @param before {@code null} if there is none
     */
    static ExemplarFields read(ProtobufReader in, ExemplarFields before)
        throws ExpositionException {
      ExemplarFields fields = before == null ? new ExemplarFields() : before;
      int outerLimit = in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        switch (tag) {
          case ProtobufTags.EXEMPLAR_LABEL -> fields.labels.readLabel(in);
          case ProtobufTags.EXEMPLAR_VALUE -> fields.value = in.readDouble();
          case ProtobufTags.EXEMPLAR_TIMESTAMP ->
              fields.timestamp = TimestampFields.read(in, fields.timestamp);
          default -> in.skipUnknown(tag, ProtobufSchema.EXEMPLAR);
        }
      }
      in.leave(outerLimit);
      return fields;
    }

    static Metric.Exemplar toValue(ExemplarFields fields) {
      return fields == null
          ? null
          : new Metric.Exemplar(
              fields.labels.toLabels(), fields.value, TimestampFields.toValue(fields.timestamp));
    }
  }

  private static final class TimestampFields {
    private long seconds;
    private int nanos;

    static TimestampFields read(ProtobufReader in, TimestampFields before)
        throws ExpositionException {
      TimestampFields fields = before == null ? new TimestampFields() : before;
      int outerLimit = in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        switch (tag) {
          case ProtobufTags.TIMESTAMP_SECONDS -> fields.seconds = in.readVarint();
          case ProtobufTags.TIMESTAMP_NANOS -> fields.nanos = (int) in.readVarint();
          default -> in.skipUnknown(tag, ProtobufSchema.TIMESTAMP);
        }
      }
      in.leave(outerLimit);
      return fields;
    }

    static Metric.Timestamp toValue(TimestampFields fields) {
      return fields == null ? null : new Metric.Timestamp(fields.seconds, fields.nanos);
    }
  }
}
