package dev.pushgateway.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.protobuf.OfficialProtobuf;
import dev.pushgateway.protobuf.ProtobufMetrics;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufParserTest {
  private static final GroupingLabels JOB = GroupingLabels.of(Labels.of("job", "x"));

  /** Gauge {@code foo} with the value 1.5, and a label {@code a="1"}. */
  private static final String FOO =
      "0a 03 66 6f 6f 18 01 22 13 0a 06 0a 01 61 12 01 31 12 09 09 00 00 00 00 00 00 f8 3f";

  private final ProtobufParser parser = new ProtobufParser(false);

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gauge            | GAUGE     | 2 | foo{a="1",instance="",job="x"} 1.5
          counter          | COUNTER   | 3 | foo{a="1",instance="",job="x"} 1.5
          untyped          | UNTYPED   | 5 | foo{a="1",instance="",job="x"} 1.5
          """)
  void keepsPlainNumbersAsTextAlone(String what, MetricType type, int field, String line)
      throws ExpositionException {
    byte[] body = message(FOO);
    body[7] = (byte) type.number();
    body[18] = (byte) (field << 3 | 2);
    FamilyBlock block = parser.parse(body, 0, body.length, JOB).families().get(0);
    assertEquals(line + "\n", new String(block.text(), UTF_8));
    assertEquals(type, block.type());
    assertFalse(block.hasProtobuf());
    assertNull(block.problem());
  }

  @Test
  void readsTheGivenRangeOnly() throws ExpositionException {
    byte[] body = message(FOO);
    byte[] larger = new byte[body.length + 20];
    Arrays.fill(larger, (byte) 0xFF);
    System.arraycopy(body, 0, larger, 7, body.length);
    ParsedPush exposition = parser.parse(larger, 7, 7 + body.length, JOB);
    assertEquals(
        "foo{a=\"1\",instance=\"\",job=\"x\"} 1.5\n",
        new String(exposition.families().get(0).text(), UTF_8));
  }

  @Test
  void takesNameTypeHelpAndUnitAlsoAfterTheMetrics() throws ExpositionException {
    FamilyBlock block =
        parse("22 0b 12 09 09 00 00 00 00 00 00 f8 3f 2a 01 73 18 01 12 01 68 0a 01 6d");
    assertEquals("m", block.name());
    assertEquals("h", block.help());
    assertEquals("s", block.unit());
    assertEquals(MetricType.GAUGE, block.type());
    assertEquals("m{instance=\"\",job=\"x\"} 1.5\n", new String(block.text(), UTF_8));
  }

  @Test
  void tellsNoHelpFromEmptyHelp() throws ExpositionException {
    assertNull(parse("0a 01 6d").help());
    assertEquals("", parse("0a 01 6d 12 00").help());
  }

  @Test
  void takesAFamilyWithoutTypeAsCounter() throws ExpositionException {
    assertEquals(MetricType.COUNTER, parse("0a 01 6d").type());
  }

  @Test
  void ignoresATypeThatDoesNotExist() throws ExpositionException {
    assertEquals(MetricType.COUNTER, parse("0a 01 6d 18 06").type());
    assertEquals(MetricType.GAUGE, parse("0a 01 6d 18 01 18 63").type());
  }

  @Test
  void keepsEmptyFamilies() throws ExpositionException {
    assertEquals(0, parse("0a 01 6d 18 01").size());
  }

  @Test
  void takesAnEmptyBody() throws ExpositionException {
    assertEquals(new ParsedPush(List.of(), false), parser.parse(new byte[0], 0, 0, JOB));
  }

  @Test
  void letsTheLastOfTwoMessagesWinInThePlaceOfTheFirst() throws ExpositionException {
    ByteArray body = new ByteArray(0);
    body.add(message("0a 01 61 12 01 31"));
    body.add(message("0a 01 62"));
    body.add(message("0a 01 61 12 01 32"));
    List<FamilyBlock> families = parser.parse(body.bytes, 0, body.length, JOB).families();
    assertEquals(List.of("a", "b"), families.stream().map(FamilyBlock::name).toList());
    assertEquals("2", families.get(0).help());
  }

  @Test
  void noticesTimestampsOfWhatIsKept() throws ExpositionException {
    String timestamped = "0a 01 6d 18 01 22 0d 12 09 09 00 00 00 00 00 00 f8 3f 30 00";
    byte[] one = message(timestamped);
    assertTrue(parser.parse(one, 0, one.length, JOB).hasTimestamps());
    ByteArray two = new ByteArray(0);
    two.add(one);
    two.add(message("0a 01 6d 18 01"));
    assertFalse(parser.parse(two.bytes, 0, two.length, JOB).hasTimestamps());
  }

  @Test
  void keepsFieldsItDoesNotKnow() throws ExpositionException {
    // Field 1000 beside the gauge, and field 7 within it.
    FamilyBlock block =
        parse("0a 01 6d 18 01 22 13 12 0c 09 00 00 00 00 00 00 f8 3f 38 96 01 c2 3e 02 68 69");
    assertTrue(block.hasProtobuf());
    assertEquals("m{instance=\"\",job=\"x\"} 1.5\n", new String(block.text(), UTF_8));
    String protobuf = HexFormat.ofDelimiter(" ").formatHex(block.protobuf());
    assertTrue(
        protobuf.endsWith("12 0c 09 00 00 00 00 00 00 f8 3f 38 96 01 c2 3e 02 68 69"), protobuf);
  }

  @Test
  void keepsExemplarAndCreationTimeOfACounter() throws ExpositionException {
    Metric.Exemplar exemplar =
        new Metric.Exemplar(Labels.of("trace_id", "t"), 3, new Metric.Timestamp(5, 6));
    Metric.Number number = new Metric.Number(7, exemplar, new Metric.Timestamp(1, 2));
    FamilyBlock block = parse(family(MetricType.COUNTER, new Metric(Labels.of("a", "1"), number)));
    assertTrue(block.hasProtobuf());
    assertEquals(
        new Metric(Labels.of("a", "1", "instance", "", "job", "x"), number), block.metric(0));
  }

  @Test
  void makesLinesOfSummariesAndHistograms() throws ExpositionException {
    Metric.Summary summary =
        new Metric.Summary(4, 2.5, List.of(new Metric.Quantile(0.5, Double.NaN)), null);
    assertEquals(
        """
        foo{instance="",job="x",quantile="0.5"} NaN
        foo_sum{instance="",job="x"} 2.5
        foo_count{instance="",job="x"} 4
        """,
        text(family(MetricType.SUMMARY, new Metric(Labels.EMPTY, summary))));
    Metric.Histogram histogram =
        new Metric.Histogram(4, 0, 2.5, List.of(new Metric.Bucket(1, 3, 0, null)), null, null);
    String lines =
        """
        foo_bucket{instance="",job="x",le="1"} 3
        foo_bucket{instance="",job="x",le="+Inf"} 4
        foo_sum{instance="",job="x"} 2.5
        foo_count{instance="",job="x"} 4
        """;
    Metric metric = new Metric(Labels.EMPTY, histogram);
    assertEquals(lines, text(family(MetricType.HISTOGRAM, metric)));
    assertEquals(lines, text(family(MetricType.GAUGE_HISTOGRAM, metric)));
  }

  @Test
  void letsFloatCountsOverrideWholeOnesIfPositive() throws ExpositionException {
    Metric.Histogram histogram =
        new Metric.Histogram(4, 4.5, 1, List.of(new Metric.Bucket(1, 3, 2.5, null)), null, null);
    assertEquals(
        """
        foo_bucket{instance="",job="x",le="1"} 2.5
        foo_bucket{instance="",job="x",le="+Inf"} 4.5
        foo_sum{instance="",job="x"} 1
        foo_count{instance="",job="x"} 4.5
        """,
        text(family(MetricType.HISTOGRAM, new Metric(Labels.EMPTY, histogram))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# TYPE foo histogram\nfoo_bucket{le=\"1\"} 1.25\nfoo_bucket{le=\"2\"} 3\nfoo_count 4.75\n",
        "# TYPE foo gaugehistogram\nfoo_bucket{le=\"1\"} 2\nfoo_gcount 3\nfoo_gsum -2.5\n",
        "# TYPE foo histogram\nfoo_bucket{le=\"1\"} 0\nfoo_count 1e19\nfoo_sum 1\n"
      })
  void agreesWithTheTextOfAHistogram(String text) throws ExpositionException {
    byte[] bytes = text.getBytes(UTF_8);
    FamilyBlock pushed = new TextParser(false).parse(bytes, 0, bytes.length, JOB).families().get(0);
    Metric metric = new Metric(Labels.EMPTY, pushed.metric(0).value());
    FamilyBlock again = parse(family(pushed.type(), metric));
    assertEquals(new String(pushed.text(), UTF_8), new String(again.text(), UTF_8));
    assertEquals(pushed.metric(0), again.metric(0));
  }

  @Test
  void refusesNegativeCountsOfHistograms() {
    Metric.Bucket bucket = new Metric.Bucket(1, 0, -0.5, null);
    for (Metric.Histogram histogram :
        new Metric.Histogram[] {
          new Metric.Histogram(0, -1, 1, List.of(), null, null),
          new Metric.Histogram(1, 0, 1, List.of(bucket), null, null),
        }) {
      byte[] body = family(MetricType.HISTOGRAM, new Metric(Labels.of("a", "1"), histogram));
      ExpositionException e =
          assertThrows(ExpositionException.class, () -> parser.parse(body, 0, body.length, JOB));
      assertTrue(
          e.getMessage().endsWith("histogram foo{a=\"1\"} has a negative count"), e::getMessage);
    }
  }

  @Test
  void mergesHistogramsOfOneMetric() throws ExpositionException {
    // Two histogram fields: {count 1, bucket {1, 1}} and {count 2, bucket {2, 2}}.
    FamilyBlock block =
        parse(
            "0a 01 6d 18 04 22 22"
                + " 3a 0f 08 01 1a 0b 08 01 11 00 00 00 00 00 00 f0 3f"
                + " 3a 0f 08 02 1a 0b 08 02 11 00 00 00 00 00 00 00 40");
    Metric.Histogram histogram = (Metric.Histogram) block.metric(0).value();
    assertEquals(2, histogram.count());
    assertEquals(
        List.of(new Metric.Bucket(1, 1, 0, null), new Metric.Bucket(2, 2, 0, null)),
        histogram.buckets());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GAUGE           | 1a 09 09 00 00 00 00 00 00 f8 3f | metric m{} is not a gauge
          COUNTER         | 12 09 09 00 00 00 00 00 00 f8 3f | metric m{} is not a counter
          UNTYPED         | 12 00                            | metric m{} is not untyped
          SUMMARY         | 3a 02 08 01                      | metric m{} is not a summary
          HISTOGRAM       | 22 02 08 01                      | metric m{} is not a histogram
          GAUGE_HISTOGRAM | 0a 06 0a 01 61 12 01 31          | metric m{a="1"} is not a gauge histogram
          """)
  void leavesOutAMetricWithoutItsValueAndSaysSo(MetricType type, String metric, String problem)
      throws ExpositionException {
    int length = bytes(metric).length;
    FamilyBlock block =
        parse("0a 01 6d 18 0%d 22 %02x %s".formatted(type.number(), length, metric));
    assertEquals(problem, block.problem());
    assertEquals(0, block.size());
    assertEquals(0, block.text().length);
  }

  @Test
  void takesAGaugeWithoutAValueAsZero() throws ExpositionException {
    assertEquals(
        "m{instance=\"\",job=\"x\"} 0\n",
        new String(parse("0a 01 6d 18 01 22 02 12 00").text(), UTF_8));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name twice in one message, last wins   | 0a 01 61 0a 01 6d 18 01 22 0b 12 09 09 00 00 00 00 00 00 f8 3f
          value twice, last wins                 | 0a 01 6d 18 01 22 16 12 09 09 00 00 00 00 00 00 f0 3f 12 09 09 00 00 00 00 00 00 f8 3f
          value twice within, last wins          | 0a 01 6d 18 01 22 14 12 12 09 00 00 00 00 00 00 f0 3f 09 00 00 00 00 00 00 f8 3f
          unknown field of each wire type        | 0a 01 6d 18 01 78 05 7a 01 00 7d 00 00 00 00 79 00 00 00 00 00 00 00 00 22 0b 12 09 09 00 00 00 00 00 00 f8 3f
          length in more bytes than it needs     | 0a 01 6d 18 01 22 8b 00 12 09 09 00 00 00 00 00 00 f8 3f
          tag in more bytes than it needs        | 0a 01 6d 18 01 a2 80 00 0b 12 09 09 00 00 00 00 00 00 f8 3f
          """)
  void accepts(String what, String hex) throws ExpositionException {
    assertEquals("m{instance=\"\",job=\"x\"} 1.5\n", new String(parse(hex).text(), UTF_8));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          empty message             | 00                               | message 1 at offset 0: metric family has no name
          empty name                | 02 0a 00                         | message 1 at offset 0: metric family has no name
          no name in the second     | 03 0a 01 6d 02 18 01             | message 2 at offset 4: metric family has no name
          name not UTF-8            | 03 0a 01 ff                      | message 1 at offset 3: name of metric family is not UTF-8
          help not UTF-8            | 06 0a 01 6d 12 01 ff             | message 1 at offset 6: help of metric family is not UTF-8
          unit not UTF-8            | 06 0a 01 6d 2a 01 ff             | message 1 at offset 6: unit of metric family is not UTF-8
          length alone              | 05                               | message 1 at offset 0: a length of 5 bytes, but only 0 are left
          length cut off            | 85                               | message 1 at offset 0: the message ends within a number
          huge length               | ff ff ff ff 07 0a 01 6d          | message 1 at offset 0: a length of 2147483647 bytes, but only 3 are left
          length past 2^63          | ff ff ff ff ff ff ff ff ff 01 0a | message 1 at offset 0: a length of 18446744073709551615 bytes, but only 1 are left
          varint of 11 bytes        | ff ff ff ff ff ff ff ff ff ff ff | message 1 at offset 0: a number of more than 64 bits
          varint past 64 bits       | ff ff ff ff ff ff ff ff ff 02 0a | message 1 at offset 0: a number of more than 64 bits
          name longer than message  | 03 0a 02 6d 6d                   | message 1 at offset 2: a length of 2 bytes, but only 1 are left
          name cut off              | 03 0a 05 6d                      | message 1 at offset 2: a length of 5 bytes, but only 1 are left
          field number 0            | 05 0a 01 6d 02 00                | message 1 at offset 4: 0 is no field number
          field number too large    | 09 0a 01 6d 80 80 80 80 10 00    | message 1 at offset 4: 536870912 is no field number
          number as name            | 02 08 01                         | message 1 at offset 1: field 1 cannot have wire type 0
          text as type              | 05 0a 01 6d 1a 00                | message 1 at offset 4: field 3 cannot have wire type 2
          group                     | 05 0a 01 6d 7b 7c                | message 1 at offset 4: field 15 cannot have wire type 3
          end of group              | 04 0a 01 6d 7c                   | message 1 at offset 4: field 15 cannot have wire type 4
          wire type 7               | 04 0a 01 6d 7f                   | message 1 at offset 4: field 15 cannot have wire type 7
          tag cut off               | 04 0a 01 6d 80                   | message 1 at offset 4: the message ends within a number
          unknown fixed64 cut off   | 05 0a 01 6d 79 00                | message 1 at offset 5: the message ends within a number of 8 bytes
          unknown fixed32 cut off   | 05 0a 01 6d 7d 00                | message 1 at offset 5: the message ends within a number of 4 bytes
          metric longer than family | 06 0a 01 6d 22 7f 00             | message 1 at offset 5: a length of 127 bytes, but only 1 are left
          label longer than metric  | 07 0a 01 6d 22 02 0a 03          | message 1 at offset 7: a length of 3 bytes, but only 0 are left
          label name as number      | 09 0a 01 6d 22 04 0a 02 08 01    | message 1 at offset 8: field 1 cannot have wire type 0
          number cut off            | 09 0a 01 6d 22 04 1a 02 09 00    | message 1 at offset 9: the message ends within a number of 8 bytes
          value as varint           | 09 0a 01 6d 22 04 1a 02 08 00    | message 1 at offset 8: field 1 cannot have wire type 0
          value of another type bad | 09 0a 01 6d 22 04 12 02 08 00    | message 1 at offset 8: field 1 cannot have wire type 0
          packed doubles cut off    | 0a 0a 01 6d 22 05 3a 03 72 01 00 | message 1 at offset 10: the message ends within a number of 8 bytes
          packed varint cut off     | 0a 0a 01 6d 22 05 3a 03 6a 01 80 | message 1 at offset 10: the message ends within a number
          nested group              | 09 0a 01 6d 22 04 3a 02 8b 01    | message 1 at offset 8: field 17 cannot have wire type 3
          text                      | 66 6f 6f 20 31 0a                | message 1 at offset 0: a length of 102 bytes, but only 5 are left
          """)
  void rejects(String what, String hex, String message) {
    byte[] body = bytes(hex);
    for (int run = 0; run < 2; run++) {
      ExpositionException refusal =
          assertThrows(ExpositionException.class, () -> parser.parse(body, 0, body.length, JOB));
      assertEquals(message, refusal.getMessage());
    }
  }

  @Test
  void countsOffsetsFromTheStartOfTheBody() {
    byte[] body = bytes("00 00 00 02 18 01");
    ExpositionException refusal =
        assertThrows(ExpositionException.class, () -> parser.parse(body, 3, body.length, JOB));
    assertEquals("message 1 at offset 0: metric family has no name", refusal.getMessage());
  }

  @Test
  void rejectsEveryMessageCutShort() throws ExpositionException {
    byte[] body = message(FOO);
    for (int length = 1; length < body.length; length++) {
      int to = length;
      assertThrows(ExpositionException.class, () -> parser.parse(body, 0, to, JOB), "cut at " + to);
    }
    assertEquals(1, parser.parse(body, 0, body.length, JOB).families().size());
  }

  @Test
  void refusesToMakeAMassOfTextOfALittleMessage() {
    // A label of a megabyte and a thousand empty buckets would make a gigabyte of lines.
    String value = "v".repeat(1_000_000);
    List<Metric.Bucket> buckets = new java.util.ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      buckets.add(new Metric.Bucket(i, i, 0, null));
    }
    Metric.Histogram histogram = new Metric.Histogram(1, 0, 1, buckets, null, null);
    byte[] body = family(MetricType.HISTOGRAM, new Metric(Labels.of("a", value), histogram));
    ExpositionException refusal =
        assertThrows(ExpositionException.class, () -> parser.parse(body, 0, body.length, JOB));
    assertTrue(
        refusal
            .getMessage()
            .endsWith("has 1003 samples whose labels would make more text than a push may have"),
        refusal.getMessage());
    assertTrue(refusal.getMessage().length() < 700, refusal.getMessage());
  }

  @Test
  void notesBadLabelsAsAProblem() throws ExpositionException {
    byte[] body = family(MetricType.GAUGE, new Metric(Labels.of("a-b", "1"), new Metric.Number(1)));
    assertEquals("metric foo has a label with an invalid name: \"a-b\"", parse(body).problem());
    assertNull(
        new ProtobufParser(true).parse(body, 0, body.length, JOB).families().get(0).problem());
  }

  @Test
  void notesLabelValuesThatAreNotUtf8AsAProblem() throws ExpositionException {
    byte[] body = message(FOO.replace("12 01 31", "12 01 ff"));
    assertEquals("metric foo has a label \"a\" whose value is not UTF-8", parse(body).problem());
  }

  private FamilyBlock parse(String hex) throws ExpositionException {
    return parse(message(hex));
  }

  private FamilyBlock parse(byte[] body) throws ExpositionException {
    return parser.parse(body, 0, body.length, JOB).families().get(0);
  }

  private String text(byte[] body) throws ExpositionException {
    return new String(parse(body).text(), UTF_8);
  }

  private static byte[] family(MetricType type, Metric metric) {
    return OfficialProtobuf.encode(
        List.of(new MetricFamily("foo", type, null, null, List.of(metric))));
  }

  /** A message with its length before it. */
  private static byte[] message(String hex) {
    byte[] content = bytes(hex);
    ByteArray message = new ByteArray(content.length + 2);
    ProtobufMetrics.addVarint(message, content.length);
    message.add(content);
    return message.toArray();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex.strip());
  }
}
