package dev.pushgateway.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.parse.TextParser;
import dev.pushgateway.protobuf.OfficialProtobuf;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Long metrics among short ones (issue 20): pages were sized by the average line, and a page of
 * long lines was made as a whole, in several arrays.
 */
class LongMetricsTest {
  /** Room for a page of protobuf, or for a piece and what is added at once. */
  private static final int MAX_WRITTEN = 2 * SeriesPage.BYTES;

  private static final String VALUE = "x\\\"\nüy".repeat(160);

  private enum Shape {
    NUMBER,
    EXEMPLAR,
    HISTOGRAM
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void areWrittenInPieces(Shape shape) throws Exception {
    MetricFamily family = family(shape, "long.label");
    check(family, EscapingScheme.ALLOW_UTF_8, family);
    check(family, EscapingScheme.VALUES, family(shape, "U__long_2e_label"));
  }

  private static MetricFamily family(Shape shape, String longName) {
    MetricType type =
        switch (shape) {
          case NUMBER -> MetricType.GAUGE;
          case EXEMPLAR -> MetricType.COUNTER;
          case HISTOGRAM -> MetricType.HISTOGRAM;
        };
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      metrics.add(new Metric(labels(i, longName), value(shape, i % 500 == 0)));
    }
    return new MetricFamily("m", type, "h", null, metrics);
  }

  /** A long value now and then, and many labels in the end: metrics with more labels come last. */
  private static Labels labels(int number, String longName) {
    String value = "%05d".formatted(number) + VALUE.repeat(number % 500 == 250 ? 80 : 0);
    List<String> namesAndValues = new ArrayList<>(List.of("A", value));
    for (int i = 0; number > 1_497 && i < 120; i++) {
      namesAndValues.add(longName + (100 + i));
      namesAndValues.add(VALUE);
    }
    return Labels.of(namesAndValues.toArray(new String[0]));
  }

  private static Metric.Value value(Shape shape, boolean hasManyBuckets) {
    if (shape != Shape.HISTOGRAM) {
      Metric.Exemplar exemplar = new Metric.Exemplar(Labels.of("t", "x"), 1, null);
      return new Metric.Number(1.5, shape == Shape.EXEMPLAR ? exemplar : null, null);
    }
    List<Metric.Bucket> buckets =
        IntStream.range(0, hasManyBuckets ? 2_000 : 1)
            .mapToObj(i -> new Metric.Bucket(i + 0.5, i, 0, null))
            .toList();
    return new Metric.Histogram(7, 0, 2.5, buckets, null, null);
  }

  private static void check(MetricFamily family, EscapingScheme scheme, MetricFamily expected)
      throws Exception {
    List<MergedFamily> families = List.of(new MergedFamily(List.of(block(family))));
    byte[] protobuf = write(families, ScrapeFormat.PROTOBUF_DELIMITED, scheme, false);
    assertEquals(List.of(expected), OfficialProtobuf.decode(protobuf));
    byte[] readable = write(families, ScrapeFormat.PROTOBUF_TEXT, scheme, false);
    assertEquals(expected, OfficialProtobuf.decodeText(new String(readable, UTF_8)));
    byte[] compact = write(families, ScrapeFormat.PROTOBUF_COMPACT_TEXT, scheme, false);
    assertEquals(expected, OfficialProtobuf.decodeText(new String(compact, UTF_8)));

    byte[] plain = write(families, ScrapeFormat.TEXT, scheme, false);
    FamilyBlock whole = block(expected);
    assertEquals(
        "# HELP m h\n# TYPE m " + new String(expected.type().textName(), UTF_8) + "\n",
        head(plain, whole));
    assertArrayEquals(whole.text(), tail(plain, whole));
    for (int scrape = 0; scrape < 2; scrape++) {
      byte[] gzip = write(families, ScrapeFormat.TEXT, scheme, true);
      assertArrayEquals(plain, new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes());
    }
  }

  private static String head(byte[] plain, FamilyBlock block) {
    return new String(plain, 0, plain.length - block.text().length, UTF_8);
  }

  private static byte[] tail(byte[] plain, FamilyBlock block) {
    return java.util.Arrays.copyOfRange(plain, plain.length - block.text().length, plain.length);
  }

  private static FamilyBlock block(MetricFamily family) throws ExpositionException {
    byte[] body = OfficialProtobuf.encode(List.of(family));
    return new ProtobufParser(true)
        .parse(body, 0, body.length, GroupingLabels.NONE)
        .families()
        .get(0);
  }

  private static byte[] write(
      List<MergedFamily> families, ScrapeFormat format, EscapingScheme scheme, boolean gzip)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("a byte at a time");
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            assertTrue(bytes.length <= MAX_WRITTEN, format + " from " + bytes.length + " bytes");
            all.write(bytes, from, length);
          }
        };
    if (gzip) {
      format.writer().writeGzip(families, scheme, out);
    } else {
      format.writer().write(families, scheme, out);
    }
    return all.toByteArray();
  }

  /** Ten groups of short lines and one of long lines: the average was some hundred bytes. */
  @Test
  void pagesAreCutByTheLengthOfTheirLines() throws Exception {
    List<FamilyBlock> blocks = new ArrayList<>();
    for (int group = 0; group < 10; group++) {
      blocks.add(lines("a{g=\"" + group + "\",i=\"%05d\"} 1\n", 2_000, ""));
    }
    blocks.add(lines("a{i=\"%05d%s\"} 1\n", 20, "x".repeat(30_000)));
    FamilyBlock[] array = blocks.toArray(new FamilyBlock[0]);
    MergedFamily family = MergedFamily.successor(array[0], array, null);
    int metrics = checkPages(family);
    assertEquals(20_020, metrics);

    FamilyBlock[] longer = array.clone();
    longer[3] = lines("a{g=\"3\",i=\"%05d%s\"} 1\n", 2_000, "y".repeat(1_000));
    assertEquals(20_020, checkPages(MergedFamily.successor(longer[0], longer, family)));
  }

  /** The series stay the same, and the pages with them, but not their lengths. */
  @Test
  void pagesAreCutAnewWhenTheirMetricsGrow() throws Exception {
    FamilyBlock[] few = {histograms(1)};
    MergedFamily family = MergedFamily.successor(few[0], few, null);
    assertEquals(1_000, checkPages(family));
    FamilyBlock[] many = {histograms(100)};
    assertTrue(few[0].hasSameSeries(many[0]));
    assertEquals(1_000, checkPages(MergedFamily.successor(many[0], many, family)));
  }

  private static FamilyBlock histograms(int buckets) throws ExpositionException {
    StringBuilder text = new StringBuilder("# TYPE h histogram\n");
    for (int i = 0; i < 1_000; i++) {
      for (int bucket = 0; bucket < buckets; bucket++) {
        text.append("h_bucket{i=\"%04d\",le=\"%d\"} %d\n".formatted(i, bucket, bucket));
      }
      text.append("h_sum{i=\"%04d\"} 1\nh_count{i=\"%04d\"} %d\n".formatted(i, i, buckets));
    }
    return parse(text.toString());
  }

  private static int checkPages(MergedFamily family) {
    FamilyBlock[] blocks = family.blockArray();
    int metrics = 0;
    for (SeriesPage page : family.pages()) {
      int length = page.length(blocks);
      assertTrue(page.size() == 1 || length <= 2 * SeriesPage.BYTES, length + " bytes on a page");
      metrics += page.size();
    }
    return metrics;
  }

  private static FamilyBlock lines(String format, int count, String padding)
      throws ExpositionException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(format.formatted(i, padding));
    }
    return parse(text.toString());
  }

  private static FamilyBlock parse(String text) throws ExpositionException {
    byte[] body = text.getBytes(UTF_8);
    return new TextParser(true).parse(body, 0, body.length, GroupingLabels.NONE).families().get(0);
  }

  /** Many small families with long help texts made one long stretch. */
  @Test
  void familiesWithLongHelpTextsAreCompressedApart() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append("# HELP f%d %s\nf%d 1\n".formatted(i, "h".repeat(60_000), i));
    }
    byte[] body = text.toString().getBytes(UTF_8);
    List<MergedFamily> families = new ArrayList<>();
    for (FamilyBlock block :
        new TextParser(true).parse(body, 0, body.length, GroupingLabels.NONE).families()) {
      families.add(MergedFamily.successor(block, new FamilyBlock[] {block}, null));
    }
    write(families, ScrapeFormat.TEXT, EscapingScheme.ALLOW_UTF_8, true);
    TextPages format = TextPages.of(families.get(0), EscapingScheme.ALLOW_UTF_8);
    for (MergedFamily family : families) {
      DeflatedPages kept = family.pages()[0].deflated(format).orElseThrow();
      assertTrue(kept.plainLength() <= MAX_WRITTEN, kept.plainLength() + " bytes in a stretch");
    }
  }
}
