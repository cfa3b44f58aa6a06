package dev.pushgateway.protobuf;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The messages of {@code io.prometheus.client}: the kinds and names of their fields, in order. */
enum ProtobufSchema {
  TIMESTAMP("int64 seconds, int32 nanos"),
  LABEL("string name, string value"),
  EXEMPLAR("LABEL label, double value, TIMESTAMP timestamp"),
  GAUGE("double value"),
  COUNTER("double value, EXEMPLAR exemplar, TIMESTAMP created_timestamp"),
  QUANTILE("double quantile, double value"),
  SUMMARY("uint64 sample_count, double sample_sum, QUANTILE quantile, TIMESTAMP created_timestamp"),
  BUCKET(
      "uint64 cumulative_count, double upper_bound, EXEMPLAR exemplar,"
          + " double cumulative_count_float"),
  SPAN("sint32 offset, uint32 length"),
  HISTOGRAM(
      "uint64 sample_count, double sample_sum, BUCKET bucket, double sample_count_float,"
          + " sint32 schema, double zero_threshold, uint64 zero_count, double zero_count_float,"
          + " SPAN negative_span, sint64 negative_delta, double negative_count,"
          + " SPAN positive_span, sint64 positive_delta, double positive_count,"
          + " TIMESTAMP created_timestamp, EXEMPLAR exemplars"),
  METRIC(
      "LABEL label, GAUGE gauge, COUNTER counter, SUMMARY summary, GAUGE untyped,"
          + " int64 timestamp_ms, HISTOGRAM histogram"),
  FAMILY("string name, string help, type type, METRIC metric, string unit");

  enum Kind {
    STRING,
    MESSAGE,
    DOUBLE,
    UINT64,
    UINT32,
    INT64,
    INT32,
    SINT64,
    SINT32,
    TYPE;

    boolean isNumber() {
      return this != STRING && this != MESSAGE;
    }
  }

  /**
   * A field.
   *
   * @param message what is in it if it is a message, else {@code null}
   */
  record Field(String name, Kind kind, ProtobufSchema message) {
    /** The field that is written {@code kind name}. A kind in upper case is a message. */
    static Field of(String kindAndName) {
      int blank = kindAndName.indexOf(' ');
      String kind = kindAndName.substring(0, blank);
      String name = kindAndName.substring(blank + 1);
      return Character.isUpperCase(kind.charAt(0))
          ? new Field(name, Kind.MESSAGE, valueOf(kind))
          : new Field(name, Kind.valueOf(kind.toUpperCase(Locale.ROOT)), null);
    }
  }

  private static final Map<ProtobufSchema, List<Field>> FIELDS =
      new EnumMap<>(ProtobufSchema.class);

  static {
    for (ProtobufSchema schema : values()) {
      FIELDS.put(schema, Arrays.stream(schema.fields.split(", ")).map(Field::of).toList());
    }
  }

  private final String fields;

  ProtobufSchema(String fields) {
    this.fields = fields;
  }

  /** The field of a number; {@code null} if it is not known. */
  Field field(int number) {
    List<Field> known = FIELDS.get(this);
    return number <= known.size() ? known.get(number - 1) : null;
  }
}
