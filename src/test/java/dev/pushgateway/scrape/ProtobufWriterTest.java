package dev.pushgateway.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.protobuf.OfficialProtobuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProtobufWriterTest {
  private static final EscapingScheme UTF_8_NAMES = EscapingScheme.ALLOW_UTF_8;

  @Test
  void writesAFamilyAsGoMarshalsIt() throws IOException {
    MetricFamily family =
        new MetricFamily("foo", MetricType.GAUGE, "h", "s", List.of(number("a", "1", 1.5)));
    assertEquals(
        "22 0a 03 66 6f 6f 12 01 68 18 01"
            + " 22 13 0a 06 0a 01 61 12 01 31 12 09 09 00 00 00 00 00 00 f8 3f"
            + " 2a 01 73",
        HexFormat.ofDelimiter(" ").formatHex(delimited(family)));
  }

  @Test
  void leavesOutHelpAndUnitThatWereNotGiven() throws IOException {
    MetricFamily family =
        new MetricFamily("m", MetricType.COUNTER, null, null, List.of(number("a", "1", 0)));
    assertEquals(List.of(family), OfficialProtobuf.decode(delimited(family)));
  }

  @Test
  void keepsAnEmptyHelp() throws IOException {
    MetricFamily family =
        new MetricFamily("m", MetricType.COUNTER, "", null, List.of(number("a", "1", 0)));
    assertEquals(List.of(family), OfficialProtobuf.decode(delimited(family)));
  }

  @Test
  void leavesOutFamiliesWithoutMetrics() throws IOException {
    MetricFamily empty = new MetricFamily("m", MetricType.COUNTER, "h", null, List.of());
    for (ScrapeFormat format : ScrapeFormat.values()) {
      assertEquals(0, write(format.writer(), UTF_8_NAMES, empty).length);
    }
  }

  @Test
  void writesMetricsOfSeveralGroupsInTheOrderOfAScrape() throws IOException {
    FamilyBlock first = block(gauges("m", number("a", "1", 1), number("a", "3", 3)));
    FamilyBlock second = block(gauges("m", number("a", "2", 2)));
    MergedFamily merged =
        MergedFamily.successor(first, new FamilyBlock[] {first, null, second}, null);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ProtobufWriter().write(List.of(merged), UTF_8_NAMES, out);
    assertEquals(
        List.of(gauges("m", number("a", "1", 1), number("a", "2", 2), number("a", "3", 3))),
        OfficialProtobuf.decode(out.toByteArray()));
  }

  @Test
  void writesRichAndPlainBlocksOfOneFamily() throws IOException {
    Metric.Exemplar exemplar = new Metric.Exemplar(Labels.of("t", "x"), 1, null);
    Metric rich = new Metric(Labels.of("a", "2"), new Metric.Number(2, exemplar, null));
    Metric plain = number("a", "1", 1);
    MergedFamily merged =
        new MergedFamily(
            List.of(
                block(new MetricFamily("m", MetricType.COUNTER, null, null, List.of(rich))),
                block(new MetricFamily("m", MetricType.COUNTER, null, null, List.of(plain)))));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ProtobufWriter().write(List.of(merged), UTF_8_NAMES, out);
    assertEquals(
        List.of(new MetricFamily("m", MetricType.COUNTER, null, null, List.of(plain, rich))),
        OfficialProtobuf.decode(out.toByteArray()));
  }

  @Test
  void measuresLabelsOfEveryLength() throws IOException {
    List<Metric> metrics = new ArrayList<>();
    for (int length = 0; length < 300; length++) {
      metrics.add(
          number("n".repeat(300 - length), "\n".repeat(length % 7) + "v".repeat(length), 1));
    }
    for (Metric metric : metrics) {
      MetricFamily family = gauges("m", metric);
      assertEquals(List.of(family), OfficialProtobuf.decode(delimited(family)));
    }
  }

  /** Groups that have the names of the group before, in plain form or in quotes, and others. */
  @Test
  void readsTheNamesOfEveryGroupAsTheyAre() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 300; round++) {
      List<FamilyBlock> blocks = new ArrayList<>();
      List<Metric> metrics = new ArrayList<>();
      for (int group = 0; group < 20; group++) {
        int labels = random.nextInt(4) * 4;
        boolean inQuotes = random.nextInt(4) == 0;
        String suffix = (inQuotes ? " \\" : "") + "x".repeat(random.nextInt(2) * 20);
        List<Metric> ofGroup = new ArrayList<>();
        for (int metric = 0; metric < 3; metric++) {
          ofGroup.add(metric(random, group * 3 + metric, labels, suffix));
        }
        metrics.addAll(ofGroup);
        blocks.add(block(gauges("m", ofGroup.toArray(new Metric[0]))));
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      new ProtobufWriter().write(List.of(new MergedFamily(blocks)), UTF_8_NAMES, out);
      MetricFamily read = OfficialProtobuf.decode(out.toByteArray()).get(0);
      assertEquals(Set.copyOf(metrics), Set.copyOf(read.metrics()));
      assertEquals(metrics.size(), read.metrics().size());
    }
  }

  private static Metric metric(Random random, int number, int labels, String suffix) {
    List<String> namesAndValues = new ArrayList<>(List.of("a", Integer.toString(number)));
    for (int i = 0; i < labels; i++) {
      namesAndValues.add("n" + (char) ('a' + i) + suffix);
      namesAndValues.add("v".repeat(random.nextInt(40)) + "\n".repeat(random.nextInt(8) / 7));
    }
    return new Metric(
        Labels.of(namesAndValues.toArray(new String[0])), new Metric.Number(random.nextDouble()));
  }

  @Test
  void holdsNoMoreThanAPage() throws IOException {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      metrics.add(number("a", "%05d".formatted(i), i));
    }
    MetricFamily family = new MetricFamily("m", MetricType.GAUGE, null, null, metrics);
    MergedFamily merged = new MergedFamily(List.of(block(family)));
    int[] largest = {0};
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("a byte at a time");
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            largest[0] = Math.max(largest[0], length);
            all.write(bytes, from, length);
          }
        };
    new ProtobufWriter().write(List.of(merged), UTF_8_NAMES, out);
    assertTrue(largest[0] <= 2 * SeriesPage.BYTES, largest[0] + " bytes at once");
    assertEquals(List.of(family), OfficialProtobuf.decode(all.toByteArray()));
  }

  @Test
  void escapesNamesForReadersOfLegacyNames() throws IOException {
    Metric.Exemplar exemplar = new Metric.Exemplar(Labels.of("t.u", "x"), 1, null);
    Metric.Number value = new Metric.Number(2, exemplar, new Metric.Timestamp(1, 0));
    Metric metric = new Metric(Labels.of("l.m", "v\"\\\n", "ok", "w"), value);
    MetricFamily family = new MetricFamily("f.g", MetricType.COUNTER, "h", "s", List.of(metric));
    Metric escaped = new Metric(Labels.of("U__l_2e_m", "v\"\\\n", "ok", "w"), value);
    MetricFamily expected =
        new MetricFamily("U__f_2e_g", MetricType.COUNTER, "h", "s", List.of(escaped));
    byte[] body = write(new ProtobufWriter(), EscapingScheme.VALUES, family);
    assertEquals(List.of(expected), OfficialProtobuf.decode(body));
    byte[] text = write(ReadableProtobufWriter.MULTILINE, EscapingScheme.VALUES, family);
    assertEquals(expected, OfficialProtobuf.decodeText(new String(text, UTF_8)));
  }

  @Test
  void escapesPlainMetricsToo() throws IOException {
    MetricFamily family = gauges("m", number("l.m", "v", 1), number("ok", "w", 2));
    byte[] body = write(new ProtobufWriter(), EscapingScheme.UNDERSCORES, family);
    assertEquals(
        List.of(gauges("m", number("l_m", "v", 1), number("ok", "w", 2))),
        OfficialProtobuf.decode(body));
  }

  @Test
  void leavesUtf8NamesToReadersThatKnowThem() throws IOException {
    MetricFamily family = gauges("f.\"g", number("l\\m", "v", 1));
    assertEquals(List.of(family), OfficialProtobuf.decode(delimited(family)));
  }

  @Test
  void writesTextOnManyLines() throws IOException {
    MetricFamily family =
        new MetricFamily(
            "foo", MetricType.GAUGE, "a \"b\"\n", "s", List.of(number("a", "ü\t", 1e6)));
    assertEquals(
        """
        name: "foo"
        help: "a \\"b\\"\\n"
        type: GAUGE
        metric: {
          label: {
            name: "a"
            value: "ü\\t"
          }
          gauge: {
            value: 1e+06
          }
        }
        unit: "s"

        """,
        new String(write(ReadableProtobufWriter.MULTILINE, UTF_8_NAMES, family), UTF_8));
  }

  @Test
  void writesTextOnOneLine() throws IOException {
    MetricFamily family =
        gauges("foo", number("a", "1", Double.NaN), number("a", "2", Double.NEGATIVE_INFINITY));
    assertEquals(
        "name:\"foo\" type:GAUGE"
            + " metric:{label:{name:\"a\" value:\"1\"} gauge:{value:nan}}"
            + " metric:{label:{name:\"a\" value:\"2\"} gauge:{value:-inf}}\n",
        new String(write(ReadableProtobufWriter.COMPACT, UTF_8_NAMES, family), UTF_8));
  }

  @Test
  void writesFieldsItDoesNotKnowByTheirNumber() throws IOException, ExpositionException {
    byte[] body =
        HexFormat.ofDelimiter(" ")
            .parseHex(
                "24 0a 01 6d 18 01 22 1d 12 0c 09 00 00 00 00 00 00 f8 3f 38 96 01"
                    + " c2 3e 02 68 69 c5 3e 01 00 00 00 78 05");
    body[0] = (byte) (body.length - 1);
    body[7] = (byte) (body.length - 8);
    ParsedPush exposition =
        new ProtobufParser(false).parse(body, 0, body.length, GroupingLabels.NONE);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ReadableProtobufWriter.COMPACT.write(
        List.of(new MergedFamily(exposition.families())), UTF_8_NAMES, out);
    assertEquals(
        "name:\"m\" type:GAUGE metric:{gauge:{value:1.5 7:150}"
            + " 1000:\"hi\" 1000:0x00000001 15:5}\n",
        out.toString(UTF_8));
  }

  private static byte[] delimited(MetricFamily family) throws IOException {
    return write(new ProtobufWriter(), UTF_8_NAMES, family);
  }

  private static byte[] write(ExpositionWriter writer, EscapingScheme scheme, MetricFamily family)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(List.of(new MergedFamily(List.of(block(family)))), scheme, out);
    return out.toByteArray();
  }

  private static FamilyBlock block(MetricFamily family) {
    byte[] body = OfficialProtobuf.encode(List.of(family));
    try {
      return new ProtobufParser(true)
          .parse(body, 0, body.length, GroupingLabels.NONE)
          .families()
          .get(0);
    } catch (ExpositionException e) {
      throw new AssertionError(e);
    }
  }

  private static MetricFamily gauges(String name, Metric... metrics) {
    return new MetricFamily(name, MetricType.GAUGE, null, null, Arrays.asList(metrics));
  }

  private static Metric number(String label, String labelValue, double value) {
    return new Metric(Labels.of(label, labelValue), new Metric.Number(value));
  }
}
