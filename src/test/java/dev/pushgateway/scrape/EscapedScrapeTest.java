package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.parse.TextParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scrapes by readers that do not know UTF-8 names; expected as the Go gateway would write them. */
class EscapedScrapeTest {
  private static final String PUSHED =
      """
      # HELP "a.b" Some help.
      # TYPE "a.b" gauge
      {"a.b"} 1
      {"a.b",x_y="\\"=",x_a="{,"} 2
      {"a.b","x.y"="1","ü\\"\\\\"="2",z="3"} 4
      # TYPE "h.s" histogram
      {"h.s_bucket",le="1","x.y"="q"} 1
      {"h.s_sum","x.y"="q"} 2
      {"h.s_count","x.y"="q"} 1
      # TYPE plain_1 counter
      plain_1{"x.y"="1",x_a="2"} 1
      """;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ALLOW_UTF_8 | \"a.b\" | {\"a.b\"} 1 | {\"a.b\",x_a=\"{,\",x_y=\"\\\"=\"} 2 |"
            + " {\"a.b\",\"x.y\"=\"1\",z=\"3\",\"ü\\\"\\\\\"=\"2\"} 4 | {\"h.s_sum\",\"x.y\"=\"q\"}"
            + " 2 | plain_1{\"x.y\"=\"1\",x_a=\"2\"} 1",
        "UNDERSCORES | a_b | a_b 1 | a_b{x_a=\"{,\",x_y=\"\\\"=\"} 2 |"
            + " a_b{x_y=\"1\",z=\"3\",___=\"2\"} 4 | h_s_sum{x_y=\"q\"} 2 |"
            + " plain_1{x_y=\"1\",x_a=\"2\"} 1",
        "DOTS | a_dot_b | a_dot_b 1 | a_dot_b{x_a=\"{,\",x_y=\"\\\"=\"} 2 |"
            + " a_dot_b{x_dot_y=\"1\",z=\"3\",______=\"2\"} 4 | h_dot_s_sum{x_dot_y=\"q\"} 2 |"
            + " plain_1{x_dot_y=\"1\",x_a=\"2\"} 1",
        "VALUES | U__a_2e_b | U__a_2e_b 1 | U__a_2e_b{x_a=\"{,\",x_y=\"\\\"=\"} 2 |"
            + " U__a_2e_b{U__x_2e_y=\"1\",z=\"3\",U___fc__22__5c_=\"2\"} 4 |"
            + " U__h_2e_s_sum{U__x_2e_y=\"q\"} 2 | plain_1{U__x_2e_y=\"1\",x_a=\"2\"} 1"
      })
  void writesNamesAsTheReaderKnowsThem(
      EscapingScheme scheme,
      String name,
      String plain,
      String labels,
      String names,
      String sum,
      String legacy)
      throws Exception {
    List<String> lines = scrape(scheme).lines().toList();
    assertEquals("# HELP " + name + " Some help.", lines.get(0));
    assertEquals("# TYPE " + name + " gauge", lines.get(1));
    assertEquals(List.of(plain, labels, names), lines.subList(2, 5));
    assertEquals(sum, lines.get(8));
    assertEquals(legacy, lines.get(lines.size() - 1));
  }

  private static String scrape(EscapingScheme scheme) throws Exception {
    byte[] body = PUSHED.getBytes(StandardCharsets.UTF_8);
    List<MergedFamily> families = new ArrayList<>();
    TextParser parser = new TextParser(true);
    for (FamilyBlock block : parser.parse(body, 0, body.length, GroupingLabels.NONE).families()) {
      families.add(new MergedFamily(List.of(block)));
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    new TextWriter().write(families, scheme, plain);
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    new TextWriter().writeGzip(families, scheme, gzip);
    assertEquals(plain.toString(StandardCharsets.UTF_8), unzipped(gzip.toByteArray()));
    return plain.toString(StandardCharsets.UTF_8);
  }

  private static String unzipped(byte[] gzip) throws IOException {
    GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip));
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
