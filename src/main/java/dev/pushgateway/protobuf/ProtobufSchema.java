package dev.pushgateway.protobuf;

/** The names and kinds of the fields of each message in {@code io.prometheus.client}, by number. */
enum ProtobufSchema {
  TIMESTAMP(signed("seconds"), new Field("nanos", Kind.SIGNED_32, null)),
  LABEL(string("name"), string("value")),
  EXEMPLAR(message("label", LABEL), number("value"), message("timestamp", TIMESTAMP)),
  GAUGE(number("value")),
  COUNTER(number("value"), message("exemplar", EXEMPLAR), message("created_timestamp", TIMESTAMP)),
  QUANTILE(number("quantile"), number("value")),
  SUMMARY(
      unsigned("sample_count"),
      number("sample_sum"),
      message("quantile", QUANTILE),
      message("created_timestamp", TIMESTAMP)),
  BUCKET(
      unsigned("cumulative_count"),
      number("upper_bound"),
      message("exemplar", EXEMPLAR),
      number("cumulative_count_float")),
  SPAN(new Field("offset", Kind.ZIGZAG_32, null), new Field("length", Kind.UNSIGNED_32, null)),
  HISTOGRAM(
      unsigned("sample_count"),
      number("sample_sum"),
      message("bucket", BUCKET),
      number("sample_count_float"),
      new Field("schema", Kind.ZIGZAG_32, null),
      number("zero_threshold"),
      unsigned("zero_count"),
      number("zero_count_float"),
      message("negative_span", SPAN),
      zigzag("negative_delta"),
      number("negative_count"),
      message("positive_span", SPAN),
      zigzag("positive_delta"),
      number("positive_count"),
      message("created_timestamp", TIMESTAMP),
      message("exemplars", EXEMPLAR)),
  METRIC(
      message("label", LABEL),
      message("gauge", GAUGE),
      message("counter", COUNTER),
      message("summary", SUMMARY),
      message("untyped", GAUGE),
      signed("timestamp_ms"),
      message("histogram", HISTOGRAM)),
  FAMILY(
      string("name"),
      string("help"),
      new Field("type", Kind.TYPE, null),
      message("metric", METRIC),
      string("unit"));

  enum Kind {
    STRING,
    MESSAGE,
    DOUBLE,
    UNSIGNED,
    UNSIGNED_32,
    SIGNED,
    SIGNED_32,
    ZIGZAG,
    ZIGZAG_32,
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
  record Field(String name, Kind kind, ProtobufSchema message) {}

  private final Field[] fields;

  ProtobufSchema(Field... fields) {
    this.fields = fields;
  }

  /** The field of a number; {@code null} if it is not known. */
  Field field(int number) {
    return number <= fields.length ? fields[number - 1] : null;
  }

  private static Field string(String name) {
    return new Field(name, Kind.STRING, null);
  }

  private static Field message(String name, ProtobufSchema message) {
    return new Field(name, Kind.MESSAGE, message);
  }

  private static Field number(String name) {
    return new Field(name, Kind.DOUBLE, null);
  }

  private static Field unsigned(String name) {
    return new Field(name, Kind.UNSIGNED, null);
  }

  private static Field signed(String name) {
    return new Field(name, Kind.SIGNED, null);
  }

  private static Field zigzag(String name) {
    return new Field(name, Kind.ZIGZAG, null);
  }
}
