package dev.pushgateway.protobuf;

/**
 * The tags of the fields in {@code io.prometheus.client}. A tag stands before its field on the
 * wire: {@code number << 3 | wire type}.
 *
 * <p>{@link ProtobufSchema} has the names of the fields.
 *
 * @see <a href="https://github.com/prometheus/client_model">The protobuf schema</a>
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">The wire format</a>
 */
public final class ProtobufTags {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  public static final int FAMILY_NAME = 1 << 3 | LENGTH;
  public static final int FAMILY_HELP = 2 << 3 | LENGTH;
  public static final int FAMILY_TYPE = 3 << 3 | VARINT;
  public static final int FAMILY_METRIC = 4 << 3 | LENGTH;
  public static final int FAMILY_UNIT = 5 << 3 | LENGTH;

  public static final int METRIC_LABEL = 1 << 3 | LENGTH;
  public static final int METRIC_GAUGE = 2 << 3 | LENGTH;
  static final int METRIC_COUNTER = 3 << 3 | LENGTH;
  static final int METRIC_SUMMARY = 4 << 3 | LENGTH;
  public static final int METRIC_UNTYPED = 5 << 3 | LENGTH;
  public static final int METRIC_TIMESTAMP_MILLIS = 6 << 3 | VARINT;
  static final int METRIC_HISTOGRAM = 7 << 3 | LENGTH;

  public static final int LABEL_NAME = 1 << 3 | LENGTH;
  public static final int LABEL_VALUE = 2 << 3 | LENGTH;

  /** The value in {@code Gauge}, {@code Counter} and {@code Untyped}. */
  public static final int NUMBER_VALUE = 1 << 3 | FIXED64;

  static final int COUNTER_EXEMPLAR = 2 << 3 | LENGTH;
  static final int COUNTER_CREATED = 3 << 3 | LENGTH;

  static final int SUMMARY_COUNT = 1 << 3 | VARINT;
  static final int SUMMARY_SUM = 2 << 3 | FIXED64;
  static final int SUMMARY_QUANTILE = 3 << 3 | LENGTH;
  static final int SUMMARY_CREATED = 4 << 3 | LENGTH;

  static final int QUANTILE_QUANTILE = 1 << 3 | FIXED64;
  static final int QUANTILE_VALUE = 2 << 3 | FIXED64;

  static final int HISTOGRAM_COUNT = 1 << 3 | VARINT;
  static final int HISTOGRAM_SUM = 2 << 3 | FIXED64;
  static final int HISTOGRAM_BUCKET = 3 << 3 | LENGTH;
  static final int HISTOGRAM_COUNT_FLOAT = 4 << 3 | FIXED64;
  static final int HISTOGRAM_SCHEMA = 5 << 3 | VARINT;
  static final int HISTOGRAM_ZERO_THRESHOLD = 6 << 3 | FIXED64;
  static final int HISTOGRAM_ZERO_COUNT = 7 << 3 | VARINT;
  static final int HISTOGRAM_ZERO_COUNT_FLOAT = 8 << 3 | FIXED64;
  static final int HISTOGRAM_NEGATIVE_SPAN = 9 << 3 | LENGTH;
  static final int HISTOGRAM_NEGATIVE_DELTA = 10 << 3 | VARINT;
  static final int HISTOGRAM_NEGATIVE_COUNT = 11 << 3 | FIXED64;
  static final int HISTOGRAM_POSITIVE_SPAN = 12 << 3 | LENGTH;
  static final int HISTOGRAM_POSITIVE_DELTA = 13 << 3 | VARINT;
  static final int HISTOGRAM_POSITIVE_COUNT = 14 << 3 | FIXED64;
  static final int HISTOGRAM_CREATED = 15 << 3 | LENGTH;
  static final int HISTOGRAM_EXEMPLAR = 16 << 3 | LENGTH;

  /** Repeated numbers may also come packed: all of them in one field with a length. */
  static final int HISTOGRAM_NEGATIVE_DELTAS_PACKED = 10 << 3 | LENGTH;

  static final int HISTOGRAM_NEGATIVE_COUNTS_PACKED = 11 << 3 | LENGTH;
  static final int HISTOGRAM_POSITIVE_DELTAS_PACKED = 13 << 3 | LENGTH;
  static final int HISTOGRAM_POSITIVE_COUNTS_PACKED = 14 << 3 | LENGTH;

  static final int BUCKET_COUNT = 1 << 3 | VARINT;
  static final int BUCKET_UPPER_BOUND = 2 << 3 | FIXED64;
  static final int BUCKET_EXEMPLAR = 3 << 3 | LENGTH;
  static final int BUCKET_COUNT_FLOAT = 4 << 3 | FIXED64;

  static final int SPAN_OFFSET = 1 << 3 | VARINT;
  static final int SPAN_LENGTH = 2 << 3 | VARINT;

  static final int EXEMPLAR_LABEL = 1 << 3 | LENGTH;
  static final int EXEMPLAR_VALUE = 2 << 3 | FIXED64;
  static final int EXEMPLAR_TIMESTAMP = 3 << 3 | LENGTH;

  static final int TIMESTAMP_SECONDS = 1 << 3 | VARINT;
  static final int TIMESTAMP_NANOS = 2 << 3 | VARINT;

  private ProtobufTags() {}
}
