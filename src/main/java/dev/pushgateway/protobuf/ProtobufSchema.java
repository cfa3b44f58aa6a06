package dev.pushgateway.protobuf;

import java.util.Arrays;
import java.util.List;

/**
 * The messages of {@code io.prometheus.client}, with the kinds and names of their fields. The
 * fields are in the order of their numbers, which have no gaps.
 */
public enum ProtobufSchema {
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

  /** A field. A kind in upper case is a message. */
  record Field(String kind, String name) {
    boolean isNumber() {
      return !kind.equals("string") && !Character.isUpperCase(kind.charAt(0));
    }
  }

  private final List<Field> fields;

  ProtobufSchema(String kindsAndNames) {
    fields =
        Arrays.stream(kindsAndNames.split(", "))
            .map(field -> field.split(" "))
            .map(words -> new Field(words[0], words[1]))
            .toList();
  }

  /** Returns the field with this number; {@code null} if the message has no such field. */
  Field field(int number) {
    return number <= fields.size() ? fields.get(number - 1) : null;
  }
}
