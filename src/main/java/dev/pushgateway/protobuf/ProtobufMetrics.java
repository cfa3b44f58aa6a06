package dev.pushgateway.protobuf;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.NumberReader;
import dev.pushgateway.bytes.Varint;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Converts {@code io.prometheus.client.Metric} messages: plain values to bytes and back.
 *
 * <p>The bytes are those that Go writes. Fields are in the order of their numbers, repeated numbers
 * are not packed, and a field that is present with a zero is written. Whole and floating-point
 * counts override each other; a floating-point count is only written if it is not zero.
 */
public final class ProtobufMetrics {
  private static final long JAVA_NAN_BITS = Double.doubleToRawLongBits(Double.NaN);

  /**
   * The limit below which a length takes one byte. One byte is reserved before the length is known.
   */
  private static final int ONE_BYTE = 1 << 7;

  private ProtobufMetrics() {}

  /** Adds the field of a {@code Metric} message that holds the value. */
  public static void encodeValue(Metric.Value value, MetricType type, ByteArray out) {
    int start;
    if (value instanceof Metric.Summary summary) {
      start = startMessage(out, ProtobufTags.METRIC_SUMMARY);
      addSummary(out, summary);
    } else if (value instanceof Metric.Histogram histogram) {
      start = startMessage(out, ProtobufTags.METRIC_HISTOGRAM);
      addHistogram(out, histogram);
    } else {
      start = startMessage(out, numberTag(type));
      addNumber(out, (Metric.Number) value);
    }
    endMessage(out, start);
  }

  /** Returns the tag of the field that holds the number in a family of this type. */
  public static int numberTag(MetricType type) {
    return switch (type) {
      case COUNTER -> ProtobufTags.METRIC_COUNTER;
      case GAUGE -> ProtobufTags.METRIC_GAUGE;
      default -> ProtobufTags.METRIC_UNTYPED;
    };
  }

  private static void addNumber(ByteArray out, Metric.Number number) {
    addDouble(out, ProtobufTags.NUMBER_VALUE, number.value());
    addExemplar(out, ProtobufTags.COUNTER_EXEMPLAR, number.exemplar());
    addTimestamp(out, ProtobufTags.COUNTER_CREATED, number.created());
  }

  private static void addSummary(ByteArray out, Metric.Summary summary) {
    addVarint(out, ProtobufTags.SUMMARY_COUNT, summary.count());
    addDouble(out, ProtobufTags.SUMMARY_SUM, summary.sum());
    for (Metric.Quantile quantile : summary.quantiles()) {
      int start = startMessage(out, ProtobufTags.SUMMARY_QUANTILE);
      addDouble(out, ProtobufTags.QUANTILE_QUANTILE, quantile.quantile());
      addDouble(out, ProtobufTags.QUANTILE_VALUE, quantile.value());
      endMessage(out, start);
    }
    addTimestamp(out, ProtobufTags.SUMMARY_CREATED, summary.created());
  }

  private static void addHistogram(ByteArray out, Metric.Histogram histogram) {
    addVarint(out, ProtobufTags.HISTOGRAM_COUNT, histogram.count());
    addDouble(out, ProtobufTags.HISTOGRAM_SUM, histogram.sum());
    for (Metric.Bucket bucket : histogram.buckets()) {
      int start = startMessage(out, ProtobufTags.HISTOGRAM_BUCKET);
      addVarint(out, ProtobufTags.BUCKET_COUNT, bucket.cumulativeCount());
      addDouble(out, ProtobufTags.BUCKET_UPPER_BOUND, bucket.upperBound());
      addExemplar(out, ProtobufTags.BUCKET_EXEMPLAR, bucket.exemplar());
      addDoubleUnlessZero(out, ProtobufTags.BUCKET_COUNT_FLOAT, bucket.cumulativeCountFloat());
      endMessage(out, start);
    }
    addDoubleUnlessZero(out, ProtobufTags.HISTOGRAM_COUNT_FLOAT, histogram.countFloat());
    if (histogram.nativeBuckets() == null) {
      addTimestamp(out, ProtobufTags.HISTOGRAM_CREATED, histogram.created());
    } else {
      addNative(out, histogram.nativeBuckets(), histogram.created());
    }
  }

  private static void addNative(
      ByteArray out, Metric.NativeBuckets buckets, Metric.Timestamp created) {
    addVarint(out, ProtobufTags.HISTOGRAM_SCHEMA, zigzag(buckets.schema()));
    addDouble(out, ProtobufTags.HISTOGRAM_ZERO_THRESHOLD, buckets.zeroThreshold());
    addVarint(out, ProtobufTags.HISTOGRAM_ZERO_COUNT, buckets.zeroCount());
    addDoubleUnlessZero(out, ProtobufTags.HISTOGRAM_ZERO_COUNT_FLOAT, buckets.zeroCountFloat());
    addSpans(out, ProtobufTags.HISTOGRAM_NEGATIVE_SPAN, buckets.negativeSpans());
    buckets
        .negativeDeltas()
        .forEach(delta -> addVarint(out, ProtobufTags.HISTOGRAM_NEGATIVE_DELTA, zigzag(delta)));
    buckets
        .negativeCounts()
        .forEach(count -> addDouble(out, ProtobufTags.HISTOGRAM_NEGATIVE_COUNT, count));
    addSpans(out, ProtobufTags.HISTOGRAM_POSITIVE_SPAN, buckets.positiveSpans());
    buckets
        .positiveDeltas()
        .forEach(delta -> addVarint(out, ProtobufTags.HISTOGRAM_POSITIVE_DELTA, zigzag(delta)));
    buckets
        .positiveCounts()
        .forEach(count -> addDouble(out, ProtobufTags.HISTOGRAM_POSITIVE_COUNT, count));
    addTimestamp(out, ProtobufTags.HISTOGRAM_CREATED, created);
    for (Metric.Exemplar exemplar : buckets.exemplars()) {
      addExemplar(out, ProtobufTags.HISTOGRAM_EXEMPLAR, exemplar);
    }
  }

  private static void addSpans(ByteArray out, int tag, List<Metric.Span> spans) {
    for (Metric.Span span : spans) {
      int start = startMessage(out, tag);
      addVarint(out, ProtobufTags.SPAN_OFFSET, zigzag(span.offset()));
      addVarint(out, ProtobufTags.SPAN_LENGTH, span.length() & 0xFFFF_FFFFL);
      endMessage(out, start);
    }
  }

  private static void addExemplar(ByteArray out, int tag, Metric.Exemplar exemplar) {
    if (exemplar == null) {
      return;
    }
    int start = startMessage(out, tag);
    addLabels(out, exemplar.labels());
    addDouble(out, ProtobufTags.EXEMPLAR_VALUE, exemplar.value());
    addTimestamp(out, ProtobufTags.EXEMPLAR_TIMESTAMP, exemplar.timestamp());
    endMessage(out, start);
  }

  /** Adds a timestamp without its zeros: in proto3, a zero is the same as a missing field. */
  private static void addTimestamp(ByteArray out, int tag, Metric.Timestamp timestamp) {
    if (timestamp == null) {
      return;
    }
    int start = startMessage(out, tag);
    if (timestamp.seconds() != 0) {
      addVarint(out, ProtobufTags.TIMESTAMP_SECONDS, timestamp.seconds());
    }
    if (timestamp.nanos() != 0) {
      addVarint(out, ProtobufTags.TIMESTAMP_NANOS, timestamp.nanos());
    }
    endMessage(out, start);
  }

  /** Adds a {@code Metric} message with its length before it. */
  public static void encodeDelimited(Metric metric, MetricType type, ByteArray out) {
    int start = out.length;
    out.add(0);
    addLabels(out, metric.labels());
    encodeValue(metric.value(), type, out);
    endMessage(out, start);
  }

  /** Adds the labels of a metric or of an exemplar: both have them in field 1. */
  private static void addLabels(ByteArray out, Labels labels) {
    for (int i = 0; i < labels.size(); i++) {
      byte[] name = labels.name(i).getBytes(StandardCharsets.UTF_8);
      byte[] value = labels.value(i).getBytes(StandardCharsets.UTF_8);
      addLabel(out, name, 0, name.length, value, 0, value.length);
    }
  }

  /** Adds one {@code label} field of a {@code Metric} message. */
  public static void addLabel(
      ByteArray out, byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
    int start = startMessage(out, ProtobufTags.METRIC_LABEL);
    addBytes(out, ProtobufTags.LABEL_NAME, name, nameFrom, nameTo);
    addBytes(out, ProtobufTags.LABEL_VALUE, value, from, to);
    endMessage(out, start);
  }

  /** Adds a field that is a string or an encoded message. */
  public static void addBytes(ByteArray out, int tag, byte[] bytes, int from, int to) {
    addVarint(out, tag);
    addVarint(out, to - from);
    out.add(bytes, from, to);
  }

  public static void addDouble(ByteArray out, int tag, double value) {
    addVarint(out, tag);
    long bits = Double.doubleToRawLongBits(value);
    // A NaN that was read from text becomes the NaN that Go reads.
    bits = bits == JAVA_NAN_BITS ? NumberReader.GO_NAN_BITS : bits;
    out.reserve(Double.BYTES);
    for (int i = 0; i < Double.BYTES; i++) {
      out.bytes[out.length++] = (byte) (bits >>> 8 * i);
    }
  }

  private static void addDoubleUnlessZero(ByteArray out, int tag, double value) {
    if (value != 0) {
      addDouble(out, tag, value);
    }
  }

  public static void addVarint(ByteArray out, int tag, long value) {
    addVarint(out, tag);
    addVarint(out, value);
  }

  public static void addVarint(ByteArray out, long value) {
    out.reserve(Varint.MAX_LENGTH);
    out.length = Varint.write(value, out.bytes, out.length);
  }

  private static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  /**
   * Begins a nested message.
   *
   * @return the argument for {@link #endMessage}
   */
  static int startMessage(ByteArray out, int tag) {
    addVarint(out, tag);
    out.add(0);
    return out.length - 1;
  }

  /**
   * Writes the length of a message before its content. Usually the length fits into the reserved
   * byte.
   */
  public static void endMessage(ByteArray out, int start) {
    int content = start + 1;
    int length = out.length - content;
    if (length < ONE_BYTE) {
      out.bytes[start] = (byte) length;
      return;
    }
    int lengthBytes = Varint.length(length);
    out.reserve(lengthBytes - 1);
    System.arraycopy(out.bytes, content, out.bytes, start + lengthBytes, length);
    out.length = start;
    addVarint(out, length);
    out.length += length;
  }

  /**
   * Decodes the metric whose length and message start at {@code from}.
   *
   * @throws IllegalArgumentException if no valid message is there, or it has no value of this type
   */
  public static Metric decode(byte[] message, int from, MetricType type) {
    ProtobufReader in = new ProtobufReader();
    in.reset(message, from, message.length);
    LabelFields labels = new LabelFields();
    MetricReader decoder = new MetricReader();
    try {
      in.enter();
      while (in.hasMore()) {
        int tag = in.readTag();
        if (tag == ProtobufTags.METRIC_LABEL) {
          labels.readLabel(in);
        } else {
          decoder.readField(tag, in);
        }
      }
    } catch (ExpositionException e) {
      throw new IllegalArgumentException("metric at " + from + " is damaged: " + e.getMessage(), e);
    }
    Metric.Value value = decoder.value(type);
    if (value == null) {
      throw new IllegalArgumentException("metric at " + from + " has no value of type " + type);
    }
    return new Metric(labels.toLabels(), value);
  }
}
