package dev.pushgateway.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.PlainFamily;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.protobuf.OfficialProtobuf;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.scrape.ProtobufWriter;
import dev.pushgateway.scrape.ReadableProtobufWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Throws anything at the parser. {@code JAZZER_FUZZ=1 mvn -pl src test
 * -Dtest=ProtobufParserFuzzTest} looks for new inputs; without it, those in the resources are run
 * once more.
 */
class ProtobufParserFuzzTest {
  private static final GroupingLabels JOB = GroupingLabels.of(Labels.of("job", "x"));

  /** Beyond what the body itself gives rise to. */
  private static final long MAX_TEXT_BYTES = 64 << 20;

  @FuzzTest(maxDuration = "3m")
  void refusesOrUnderstands(byte[] body) throws IOException {
    List<FamilyBlock> families;
    try {
      families =
          new ProtobufParser(true).parse(body, 0, body.length, GroupingLabels.NONE).families();
    } catch (ExpositionException e) {
      assertTrue(e.getMessage().startsWith("message "), e.getMessage());
      return;
    }
    agreesWithTheGeneratedClasses(body, families);
    for (FamilyBlock family : families) {
      canBeWritten(family);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void takesNoMoreMemoryThanTheBodyIsWorth(byte[] body) {
    try {
      long length = 0;
      for (FamilyBlock family :
          new ProtobufParser(false).parse(body, 0, body.length, JOB).families()) {
        length += family.encodedLength();
      }
      assertTrue(length < MAX_TEXT_BYTES + 100L * body.length, length + " bytes");
    } catch (ExpositionException e) {
      assertTrue(e.getMessage().startsWith("message "), e.getMessage());
    }
  }

  private static void agreesWithTheGeneratedClasses(byte[] body, List<FamilyBlock> families) {
    Map<String, MetricFamily> official = new LinkedHashMap<>();
    OfficialProtobuf.decode(body).forEach(family -> official.put(family.name(), family));
    assertEquals(
        new ArrayList<>(official.keySet()), families.stream().map(FamilyBlock::name).toList());
    for (FamilyBlock family : families) {
      if (family.problem() == null) {
        assertEquals(byLabels(official.get(family.name())), byLabels(PlainFamily.of(family)));
      }
    }
  }

  private static MetricFamily byLabels(MetricFamily family) {
    List<Metric> metrics = new ArrayList<>(family.metrics());
    metrics.sort((a, b) -> a.labels().toString().compareTo(b.labels().toString()));
    return new MetricFamily(family.name(), family.type(), family.help(), family.unit(), metrics);
  }

  /** Also with problems in it, as it may have been pushed without a check. */
  private static void canBeWritten(FamilyBlock family) throws IOException {
    List<MergedFamily> merged = List.of(new MergedFamily(List.of(family)));
    ByteArrayOutputStream delimited = new ByteArrayOutputStream();
    new ProtobufWriter().write(merged, EscapingScheme.ALLOW_UTF_8, delimited);
    List<MetricFamily> read = OfficialProtobuf.decode(delimited.toByteArray());
    assertEquals(family.size(), read.stream().mapToInt(one -> one.metrics().size()).sum());
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    ReadableProtobufWriter.MULTILINE.write(merged, EscapingScheme.ALLOW_UTF_8, text);
    assertEquals(family.size() > 0, text.toString(UTF_8).startsWith("name: \""));
  }
}
