package dev.pushgateway.parse;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockBuilder;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.block.PlainFamily;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import dev.pushgateway.property.Draw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Random bodies: the parser against a plain one, and against what blocks write. */
class TextParserPropertyTest {
  /** Pieces that make a sound body often enough, and a broken one often enough. */
  private static final String[] PIECES = {
    "# TYPE a summary\n",
    "# TYPE a histogram\r\n",
    "# TYPE a gauge_histogram\n",
    "# TYPE b gauge\n",
    "# HELP a x\\\\y\\n\n",
    "# HELP b \u00C3\u00BC \r\n",
    "# TYPE a untyped \t\n",
    "# TYPE a_sum counter\n",
    "# TYPE a gaugehistogram \r\n",
    "# HELP a late\n",
    "# HELP a_count x\n",
    "a_gsum -2\n",
    "a_gcount 3 \n",
    "a_count{b=\"1\"} -1\n",
    "a 1 \t\r\n",
    "\u00EF\u00BB\u00BF",
    "\n\u00EF\u00BB\u00BFa 2\n",
    "#",
    "# HELP ",
    "# TYPE ",
    "a",
    "b",
    "a_sum",
    "a_count",
    "a_bucket",
    "\"a\"",
    "\"a.b\"",
    "\"\\\\\"",
    "a_sum 2\n",
    "a_count 3\n",
    "a_count 3.5\n",
    "a{b=\"1\"} 1\n",
    "b{b=\"2\",a=\"1\"} NaN\n",
    "a_bucket{le=\"1\"} 2\n",
    "a_bucket{le=\"2\"} 0.5\n",
    "a{quantile=\"0.5\"} 7\n",
    "{\"a\",b=\"1\"} -0\n",
    "{b=\"1\",\"b\"} 5\r\n",
    "{",
    "}",
    ",",
    "=",
    "\"",
    "\\",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "b=\"\"",
    "c=\"x\\\"\\n\\\\\"",
    "le=\"+Inf\"",
    "quantile=\"1\"",
    "le=\"x\"",
    "__name__",
    "0",
    "-1",
    "1e300",
    "-0.25",
    "1e999",
    "+Inf",
    "12",
    " 1\n",
    "} 1\n",
    " 1 2\n",
    "\u00C3\u00BC",
    "\u00FF",
    "\u0000",
    "_",
    ":",
    "9",
    "gauge",
    "\\n",
    "n",
    "a 1"
  };

  private static final String[] LINES =
      Arrays.stream(PIECES).filter(piece -> piece.endsWith("\n")).toArray(String[]::new);

  private record Pushed(byte[] body, boolean utf8Names) {
    @Override
    public String toString() {
      return utf8Names + ": " + new String(body, StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void agreesWithAPlainParser() {
    AtomicInteger tried = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    forAll(
        5_000,
        draw -> new Pushed(body(draw), draw.bool()),
        pushed -> {
          tried.incrementAndGet();
          taken.addAndGet(agrees(pushed.body, pushed.utf8Names) ? 1 : 0);
        });
    assertTrue(tried.get() == 1 || taken.get() > tried.get() / 10, taken + " bodies taken");
  }

  /** Checks that both parsers take the body, or that none does; returns whether they take it. */
  private static boolean agrees(byte[] body, boolean utf8Names) {
    ReferenceTextParser plain = new ReferenceTextParser(utf8Names);
    boolean refused = false;
    try {
      plain.parse(body);
    } catch (ReferenceTextParser.Refusal e) {
      refused = true;
    }
    try {
      ParsedPush parsed =
          new TextParser(utf8Names).parse(body, 0, body.length, GroupingLabels.NONE);
      assertTrue(!refused, "taken, but not by the plain parser");
      if (plain.hasInvalidNames()) {
        assertTrue(parsed.families().stream().anyMatch(block -> block.problem() != null));
        return true;
      }
      assertEquals(plain.families(), families(parsed));
      assertEquals(plain.hasTimestamps(), parsed.hasTimestamps());
      return true;
    } catch (ExpositionException e) {
      assertTrue(refused, e.getMessage() + ", but the plain parser takes it");
      return false;
    }
  }

  private static List<MetricFamily> families(ParsedPush exposition) {
    Map<String, MetricFamily> byName = new TreeMap<>(Names.BY_CODE_POINT);
    for (FamilyBlock block : exposition.families()) {
      MetricFamily family = PlainFamily.of(block);
      List<Metric> metrics = new ArrayList<>(family.metrics());
      metrics.sort(Comparator.comparing(Metric::toString));
      assertNull(
          byName.put(
              family.name(),
              new MetricFamily(family.name(), family.type(), family.help(), null, metrics)));
    }
    return List.copyOf(byName.values());
  }

  @Test
  void whatABlockWritesParsesToTheSameBlock() {
    forAll(
        1_000,
        TextParserPropertyTest::numberFamily,
        TextParserPropertyTest::assertParsesToTheSameBlock);
  }

  private static void assertParsesToTheSameBlock(MetricFamily family) throws ExpositionException {
    GroupingLabels grouping = GroupingLabels.of(Labels.of("job", "j\"", "b", "2"));
    FamilyBlock block = block(family, grouping);
    String header = "# TYPE \"" + family.name() + "\" " + family.type() + "\n";
    ByteArray body = new ByteArray(100);
    body.add(header.getBytes(StandardCharsets.UTF_8));
    body.add(block.text());
    ParsedPush parsed = new TextParser(true).parse(body.bytes, 0, body.length, GroupingLabels.NONE);
    if (block.size() == 0) {
      assertTrue(parsed.families().isEmpty());
      return;
    }
    FamilyBlock again = parsed.families().get(0);
    assertEquals(
        new String(block.text(), StandardCharsets.UTF_8),
        new String(again.text(), StandardCharsets.UTF_8));
    assertEquals(block.size(), again.size());
    assertEquals(block.problem(), again.problem());
    for (int i = 0; i < block.size(); i++) {
      assertEquals(block.seriesHash(i), again.seriesHash(i));
      assertEquals(block.metric(i).labels(), again.metric(i).labels());
    }
  }

  private static FamilyBlock block(MetricFamily family, GroupingLabels grouping) {
    FamilyBlockBuilder builder = new FamilyBlockBuilder(family.name(), grouping, true);
    builder.type(family.type());
    for (Metric metric : family.metrics()) {
      LabelBuffer labels = builder.labels();
      labels.clear();
      for (int i = 0; i < metric.labels().size(); i++) {
        byte[] name = TextLines.utf8(metric.labels().name(i));
        byte[] value = TextLines.utf8(metric.labels().value(i));
        labels.add(name, 0, name.length, value, 0, value.length);
      }
      builder.addNumber(((Metric.Number) metric.value()).value(), false);
    }
    return builder.build();
  }

  private static byte[] body(Draw draw) {
    List<String> pieces =
        draw.list(0, 14, () -> draw.chance(0.75) ? draw.oneOf(PIECES) : draw.oneOf(LINES));
    return String.join("", pieces).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static MetricFamily numberFamily(Draw draw) {
    String name = draw.oneOf("a", "a_sum", "a.b", "日");
    MetricType type = draw.oneOf(MetricType.COUNTER, MetricType.GAUGE, MetricType.UNTYPED);
    List<Metric> metrics = draw.list(0, 12, () -> numberMetric(draw));
    return new MetricFamily(name, type, null, null, metrics);
  }

  private static Metric numberMetric(Draw draw) {
    Map<String, String> labels =
        draw.map(
            4,
            () -> draw.oneOf("a", "b", "c", "instance", "job", "ü", "x.y", "\"\\\n"),
            () -> draw.of("ab\"\\\n! ~\u0001é日", 0, 4));
    double value = draw.anyDouble();
    return new Metric(Labels.of(labels), new Metric.Number(value == 0 ? 0.0 : value));
  }
}
