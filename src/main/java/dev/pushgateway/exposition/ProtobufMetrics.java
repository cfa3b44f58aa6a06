package dev.pushgateway.exposition;

/** {@code io.prometheus.client.Metric} messages: plain values to bytes and back. */
final class ProtobufMetrics {
  private ProtobufMetrics() {}

  /** Adds the field of a {@code Metric} message that holds a value. */
  static void encodeValue(Metric.Value value, MetricType type, ByteArray out) {
    throw new UnsupportedOperationException();
  }

  /** Adds a {@code Metric} message, its length before it. */
  static void encodeDelimited(Metric metric, MetricType type, ByteArray out) {
    throw new UnsupportedOperationException();
  }

  /** Adds one {@code label} field of a {@code Metric} message. */
  static void addLabel(
      ByteArray out, byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
    throw new UnsupportedOperationException();
  }

  static void addVarint(ByteArray out, long value) {
    throw new UnsupportedOperationException();
  }

  /** The metric whose message starts, with its length, at {@code from}. */
  static Metric decode(byte[] message, int from, MetricType type) {
    throw new UnsupportedOperationException();
  }
}
