package dev.pushgateway.protobuf;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.RandomMetrics;
import dev.pushgateway.property.Draw;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProtobufMetricsTest {
  record Typed(MetricType type, Metric metric) {}

  private static Typed anyMetric(Draw draw) {
    MetricType type = draw.oneOf(MetricType.values());
    return new Typed(type, RandomMetrics.metric(draw, type));
  }

  @Test
  void decodesWhatItEncodes() {
    forAll(100, ProtobufMetricsTest::anyMetric, ProtobufMetricsTest::assertDecodes);
  }

  private static void assertDecodes(Typed typed) {
    byte[] message = encode(typed.metric(), typed.type());
    assertEquals(typed.metric(), ProtobufMetrics.decode(message, 0, typed.type()));
  }

  @Test
  void encodesByteForByteAsTheGeneratedClasses() {
    forAll(100, ProtobufMetricsTest::anyMetric, ProtobufMetricsTest::assertEncodes);
  }

  private static void assertEncodes(Typed typed) {
    byte[] official = OfficialProtobuf.encode(typed.metric(), typed.type());
    ByteArray delimited = new ByteArray(0);
    ProtobufMetrics.addVarint(delimited, official.length);
    delimited.add(official);
    assertArrayEquals(delimited.toArray(), encode(typed.metric(), typed.type()));
  }

  @Test
  void decodesAfterOtherBytes() {
    forAll(20, ProtobufMetricsTest::anyMetric, ProtobufMetricsTest::assertDecodesTheSecond);
  }

  private static void assertDecodesTheSecond(Typed typed) {
    ByteArray messages = new ByteArray(0);
    ProtobufMetrics.encodeDelimited(typed.metric(), typed.type(), messages);
    int second = messages.length;
    ProtobufMetrics.encodeDelimited(typed.metric(), typed.type(), messages);
    byte[] bytes = messages.toArray();
    assertEquals(typed.metric(), ProtobufMetrics.decode(bytes, second, typed.type()));
  }

  @Test
  void writesNanAsGoDoes() {
    byte[] message =
        encode(new Metric(Labels.EMPTY, new Metric.Number(Double.NaN)), MetricType.GAUGE);
    assertEquals("0b 12 09 09 01 00 00 00 00 00 f8 7f", hex(message));
  }

  @Test
  void keepsTheBitsOfOtherNans() {
    double stale = Double.longBitsToDouble(0x7FF0000000000002L);
    byte[] message = encode(new Metric(Labels.EMPTY, new Metric.Number(stale)), MetricType.UNTYPED);
    assertEquals("0b 2a 09 09 02 00 00 00 00 00 f0 7f", hex(message));
    Metric.Number number =
        (Metric.Number) ProtobufMetrics.decode(message, 0, MetricType.UNTYPED).value();
    assertEquals(0x7FF0000000000002L, Double.doubleToRawLongBits(number.value()));
  }

  @Test
  void writesZeros() {
    Metric.Summary nothing = new Metric.Summary(0, 0, List.of(), null);
    byte[] message = encode(new Metric(Labels.EMPTY, nothing), MetricType.SUMMARY);
    assertEquals("0d 22 0b 08 00 11 00 00 00 00 00 00 00 00", hex(message));
  }

  @Test
  void readsPackedNumbersLikeUnpackedOnes() {
    // Histogram: positive_delta, first 1 and -1 packed, then 2 on its own; positive_count 1.0
    // packed.
    byte[] message = bytes("13 3a 11 6a 02 02 01 68 04 72 08 00 00 00 00 00 00 f0 3f");
    message[0] = (byte) (message.length - 1);
    message[2] = (byte) (message.length - 3);
    Metric.Histogram histogram =
        (Metric.Histogram) ProtobufMetrics.decode(message, 0, MetricType.HISTOGRAM).value();
    assertEquals(List.of(1L, -1L, 2L), histogram.nativeBuckets().positiveDeltas());
    assertEquals(List.of(1.0), histogram.nativeBuckets().positiveCounts());
  }

  @Test
  void mergesWhatComesTwice() {
    // counter {exemplar {label a=1}} counter {exemplar {value 1}} counter {value 1} counter {value
    // 2}
    byte[] message =
        bytes(
            "00 1a 0a 12 08 0a 06 0a 01 61 12 01 31"
                + " 1a 0b 12 09 11 00 00 00 00 00 00 f0 3f"
                + " 1a 09 09 00 00 00 00 00 00 f0 3f"
                + " 1a 09 09 00 00 00 00 00 00 00 40");
    message[0] = (byte) (message.length - 1);
    Metric.Exemplar exemplar = new Metric.Exemplar(Labels.of("a", "1"), 1, null);
    assertEquals(
        new Metric(Labels.EMPTY, new Metric.Number(2, exemplar, null)),
        ProtobufMetrics.decode(message, 0, MetricType.COUNTER));
  }

  @Test
  void refusesDamage() {
    byte[] message = bytes("0b 12 09 09 01 00 00 00 00 00 f8");
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> ProtobufMetrics.decode(message, 0, MetricType.GAUGE));
    assertEquals(
        "metric at 0 is damaged: message 0 at offset 0: a length of 11 bytes, but only 10 are left",
        refusal.getMessage());
  }

  private static byte[] encode(Metric metric, MetricType type) {
    ByteArray out = new ByteArray(0);
    ProtobufMetrics.encodeDelimited(metric, type, out);
    return out.toArray();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
