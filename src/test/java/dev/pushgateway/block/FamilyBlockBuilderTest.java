package dev.pushgateway.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyBlockBuilderTest {
  private static final GroupingLabels GROUPING = GroupingLabels.of(Labels.of("job", "j", "k", "g"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``          | m{instance="",job="j",k="g"} 1
          a=1         | m{a="1",instance="",job="j",k="g"} 1
          z=1         | m{instance="",job="j",k="g",z="1"} 1
          jz=1        | m{instance="",job="j",jz="1",k="g"} 1
          z=1 a=2     | m{a="2",instance="",job="j",k="g",z="1"} 1
          job=x       | m{instance="",job="j",k="g"} 1
          k=x job=y   | m{instance="",job="j",k="g"} 1
          instance=i  | m{instance="i",job="j",k="g"} 1
          instance=   | m{instance="",job="j",k="g"} 1
          a.b=1       | m{"a.b"="1",instance="",job="j",k="g"} 1
          """)
  void mergesPushedAndGroupingLabels(String pushed, String expected) {
    FamilyBlockBuilder builder = gauge(GROUPING);
    add(builder, pushed, 1);
    add(builder, "zz=1", 2); // Another layout in between.
    add(builder, pushed + " zz=2", 3);
    String text = text(builder.build());
    assertTrue(("\n" + text).contains("\n" + expected + "\n"), text);
  }

  @Test
  void instanceOfTheGroupingKeyWins() {
    FamilyBlockBuilder builder = gauge(GroupingLabels.of(Labels.of("instance", "g", "job", "j")));
    add(builder, "instance=pushed", 1);
    assertEquals("m{instance=\"g\",job=\"j\"} 1\n", text(builder.build()));
  }

  @Test
  void sortsMetricsAndKeepsWhatBelongsToThem() {
    FamilyBlockBuilder builder = gauge(GroupingLabels.NONE);
    add(builder, "a=2", 2);
    add(builder, "a=1 b=1", 3);
    add(builder, "a=1", 1);
    FamilyBlock block = builder.build();
    assertEquals("m{a=\"1\"} 1\nm{a=\"2\"} 2\nm{a=\"1\",b=\"1\"} 3\n", text(block));
    assertEquals(Labels.of("a", "2"), block.metric(1).labels());
    assertEquals(2, block.labelCount(2));
    assertEquals(single("a=1 b=1").seriesHash(0), block.seriesHash(2));
    assertTrue(single("a=2").isSameSeries(0, block, 1));
    assertNull(block.problem());
  }

  @Test
  void sortsRichMetricsToo() {
    FamilyBlockBuilder builder = gauge(GroupingLabels.NONE);
    add(builder, "a=3", 3);
    add(builder, "a=2", -0.0);
    add(builder, "a=1", 1);
    FamilyBlock block = builder.build();
    assertTrue(block.hasProtobuf());
    List<Metric> expected =
        List.of(
            new Metric(Labels.of("a", "1"), new Metric.Number(1)),
            new Metric(Labels.of("a", "2"), new Metric.Number(-0.0)),
            new Metric(Labels.of("a", "3"), new Metric.Number(3)));
    assertEquals(expected, PlainFamily.of(block).metrics());
  }

  @Test
  void escapesWhatIsNotEscaped() {
    FamilyBlockBuilder plain = gauge(GroupingLabels.NONE);
    add(plain, "a=\"\\\n", 1);
    assertEquals("m{a=\"\\\"\\\\\\n\"} 1\n", text(plain.build()));
  }

  @Test
  void hashesTellSeriesApart() {
    assertNotEquals(single("a=1").seriesHash(0), single("a=2").seriesHash(0));
    assertNotEquals(single("a=1").seriesHash(0), single("").seriesHash(0));
    assertEquals(single("a=1 b=2").seriesHash(0), single("b=2 a=1").seriesHash(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GAUGE   | m 1␊                    | m{a="1"} 1␊               | false
          GAUGE   | m{a="1"} 1␊             | m{a="2"} 1␊               | false
          GAUGE   | m{a="1"} 1␊             | m{b="1"} 1␊               | false
          GAUGE   | m{a="1"} 1␊             | m{a="1",b="1"} 1␊         | false
          GAUGE   | m{a="1"} 1␊             | m{a="1"} 222␊             | true
          GAUGE   | m 1␊                    | m 2␊                      | true
          GAUGE   | {"m",a="\\"} 1"} 1␊      | {"m",a="\\"} 1"} 2␊        | true
          SUMMARY | m{a="1",quantile="0"} 1␊ | m{a="1",quantile="1"} 2␊ | true
          SUMMARY | m{a="1"} 1␊             | m{a="1",quantile="1"} 2␊  | true
          SUMMARY | m{a="1",quantile="0"} 1␊ | m{a="2",quantile="0"} 1␊ | false
          """)
  void comparesLabelsWhereHashesAreEqual(
      MetricType type, String one, String other, boolean isSame) {
    FamilyBlock a = withHash(7, type, one);
    FamilyBlock b = withHash(7, type, other);
    assertEquals(isSame, a.isSameSeries(0, b, 0));
    assertEquals(isSame, a.hasSameSeries(b));
    assertEquals(isSame, a.compareSeries(0, b, 0) == 0);
    assertFalse(a.isSameSeries(0, withHash(8, type, one), 0)); // Equal series have equal hashes.
  }

  @Test
  void comparesEachSeriesWhereAllHashesAreEqual() {
    FamilyBlock one = single("a=1", "a=2");
    assertTrue(one.hasSameSeries(single("a=1", "a=2")));
    assertFalse(one.hasSameSeries(single("a=1", "a=3")));
    assertFalse(one.hasSameSeries(single("a=1")));
    assertTrue(one.hasSameSeries(one.withValues("help", one.text(), new int[] {0, 10})));
  }

  /** A block of one metric with a hash that any series could have. */
  private static FamilyBlock withHash(long hash, MetricType type, String line) {
    BlockFields fields = new BlockFields();
    fields.name = "m";
    fields.type = type;
    fields.size = 1;
    fields.text = line.replace('␊', '\n').getBytes(StandardCharsets.UTF_8);
    fields.firstHash = hash;
    fields.labelCount = line.contains("a=") || line.contains("b=") ? 1 : 0;
    fields.labelCount += line.contains(",b=") ? 1 : 0;
    return new FamilyBlock(fields);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GAUGE     | a=1 a=2    | metric m{a="1",a="2"} has two or more labels with the same name: "a"
          GAUGE     | __a=1      | metric m has a label with an invalid name: "__a"
          GAUGE     | a:b=1      | metric m has a label with an invalid name: "a:b"
          GAUGE     | a.b=1      | metric m has a label with an invalid name: "a.b"
          SUMMARY   | quantile=1 | summary m must not have a label "quantile" of its own
          HISTOGRAM | le=1       | histogram m must not have a label "le" of its own
          """)
  void notesWhatCannotBeExposed(MetricType type, String labels, String problem) {
    FamilyBlockBuilder builder = new FamilyBlockBuilder("m", GroupingLabels.NONE, false);
    builder.type(type);
    fill(builder.labels(), "b=fine");
    addValue(builder, type);
    fill(builder.labels(), labels);
    addValue(builder, type);
    assertEquals(problem, builder.build().problem());
  }

  private static void addValue(FamilyBlockBuilder builder, MetricType type) {
    if (type.isNumber()) {
      builder.addNumber(1, false);
    } else if (type == MetricType.SUMMARY) {
      builder.addRich(new Metric.Summary(1, 1, List.of(), null), false);
    } else {
      builder.addRich(new Metric.Histogram(1, 0, 1, List.of(), null, null), false);
    }
  }

  @Test
  void acceptsUtf8LabelNamesIfThatIsWanted() {
    FamilyBlockBuilder builder = new FamilyBlockBuilder("m", GroupingLabels.NONE, true);
    builder.type(MetricType.GAUGE);
    add(builder, "a.b=1", 1);
    FamilyBlock block = builder.build();
    assertNull(block.problem());
    assertFalse(block.hasLegacyNames());
    assertTrue(single("a=1").hasLegacyNames());
  }

  @Test
  void notesValuesThatAreNotUtf8() {
    FamilyBlockBuilder builder = gauge(GroupingLabels.NONE);
    add(builder, "a=1", 1);
    byte[] name = {'a'};
    byte[] value = {(byte) 0xFF};
    builder.labels().clear();
    builder.labels().add(name, 0, 1, value, 0, 1);
    builder.addNumber(2, false);
    assertEquals("metric m has a label \"a\" whose value is not UTF-8", builder.build().problem());
  }

  @Test
  void notesTheFirstSeriesThatIsThereTwice() {
    FamilyBlockBuilder builder = gauge(GROUPING);
    add(builder, "job=a", 1);
    add(builder, "z=1", 1);
    add(builder, "job=b", 2);
    String series = "m{instance=\"\",job=\"j\",k=\"g\"}";
    assertEquals(
        "metric " + series + " is there twice, with the same name and labels",
        builder.build().problem());
  }

  private static FamilyBlock single(String... metrics) {
    FamilyBlockBuilder builder = gauge(GroupingLabels.NONE);
    for (String labels : metrics) {
      add(builder, labels, 1);
    }
    return builder.build();
  }

  private static FamilyBlockBuilder gauge(GroupingLabels grouping) {
    FamilyBlockBuilder builder = new FamilyBlockBuilder("m", grouping, false);
    builder.type(MetricType.GAUGE);
    return builder;
  }

  private static void add(FamilyBlockBuilder builder, String labels, double value) {
    fill(builder.labels(), labels);
    builder.addNumber(value, false);
  }

  /** Fills in labels that are given as {@code a=1 b=2}. */
  private static void fill(LabelBuffer buffer, String labels) {
    buffer.clear();
    for (String label : labels.split(" ", -1)) {
      if (label.isEmpty()) {
        continue;
      }
      byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
      int equals = label.indexOf('=');
      buffer.add(bytes, 0, equals, bytes, equals + 1, bytes.length);
    }
  }

  private static String text(FamilyBlock block) {
    return new String(block.text(), StandardCharsets.UTF_8);
  }
}
