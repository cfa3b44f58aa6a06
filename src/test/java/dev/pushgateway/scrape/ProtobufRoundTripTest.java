package dev.pushgateway.scrape;

import static dev.pushgateway.property.Property.forAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.PlainFamily;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.model.RandomMetrics;
import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.property.Draw;
import dev.pushgateway.protobuf.OfficialProtobuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever the generated classes write comes through parser, block and writer unharmed. */
class ProtobufRoundTripTest {
  private final ProtobufParser parser = new ProtobufParser(true);

  private static List<MetricFamily> someFamilies(Draw draw) {
    return List.of(
        RandomMetrics.family(draw, "first"),
        RandomMetrics.family(draw, "second:x"),
        RandomMetrics.family(draw, "th.\"i\\rd"));
  }

  @Test
  void parsesWhatTheGeneratedClassesWrite() {
    forAll(25, ProtobufRoundTripTest::someFamilies, this::assertParses);
  }

  private void assertParses(List<MetricFamily> families) throws ExpositionException {
    List<MetricFamily> parsed = toFamilies(parse(OfficialProtobuf.encode(families)));
    assertEquals(sorted(families), sorted(parsed));
  }

  @Test
  void writesWhatTheGeneratedClassesRead() {
    forAll(25, ProtobufRoundTripTest::someFamilies, this::assertWrites);
  }

  private void assertWrites(List<MetricFamily> families) throws ExpositionException, IOException {
    byte[] written = write(parse(OfficialProtobuf.encode(families)));
    assertEquals(sorted(withMetrics(families)), sorted(OfficialProtobuf.decode(written)));
  }

  @Test
  void writingAndParsingIsStable() {
    forAll(25, ProtobufRoundTripTest::someFamilies, this::assertStable);
  }

  private void assertStable(List<MetricFamily> families) throws ExpositionException, IOException {
    byte[] once = write(parse(OfficialProtobuf.encode(families)));
    assertArrayEquals(once, write(parse(once)));
  }

  @Test
  void bothKindsOfTextSayTheSame() {
    forAll(25, ProtobufRoundTripTest::someFamilies, this::assertSameText);
  }

  private void assertSameText(List<MetricFamily> families) throws ExpositionException, IOException {
    for (FamilyBlock block : parse(OfficialProtobuf.encode(families))) {
      if (block.size() == 0) {
        continue;
      }
      List<MergedFamily> merged = List.of(new MergedFamily(List.of(block)));
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      ReadableProtobufWriter.MULTILINE.write(merged, EscapingScheme.ALLOW_UTF_8, lines);
      assertEquals(PlainFamily.of(block), OfficialProtobuf.decodeText(lines.toString(UTF_8)));
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      ReadableProtobufWriter.COMPACT.write(merged, EscapingScheme.ALLOW_UTF_8, line);
      assertEquals(PlainFamily.of(block), OfficialProtobuf.decodeText(line.toString(UTF_8)));
      assertEquals(line.toString(UTF_8).length() - 1, line.toString(UTF_8).indexOf('\n'));
    }
  }

  private List<FamilyBlock> parse(byte[] body) throws ExpositionException {
    return parser.parse(body, 0, body.length, GroupingLabels.NONE).families();
  }

  private static byte[] write(List<FamilyBlock> blocks) throws IOException {
    List<MergedFamily> merged = new ArrayList<>();
    blocks.forEach(block -> merged.add(new MergedFamily(List.of(block))));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ProtobufWriter().write(merged, EscapingScheme.ALLOW_UTF_8, out);
    return out.toByteArray();
  }

  private static List<MetricFamily> toFamilies(List<FamilyBlock> blocks) {
    return blocks.stream().map(PlainFamily::of).toList();
  }

  private static List<MetricFamily> withMetrics(List<MetricFamily> families) {
    return families.stream().filter(family -> !family.metrics().isEmpty()).toList();
  }

  /** Blocks sort metrics; in which order is another test's business. */
  private static List<MetricFamily> sorted(List<MetricFamily> families) {
    List<MetricFamily> all = new ArrayList<>();
    for (MetricFamily family : families) {
      List<Metric> metrics = new ArrayList<>(family.metrics());
      metrics.sort(Comparator.comparing(metric -> metric.labels().toString()));
      all.add(
          new MetricFamily(family.name(), family.type(), family.help(), family.unit(), metrics));
    }
    return all;
  }
}
