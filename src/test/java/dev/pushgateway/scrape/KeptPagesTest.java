package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.parse.TextParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Compressed pages are kept per format, so that readers of two formats need not compress anew. */
class KeptPagesTest {
  private static final int SERIES = 5_000;
  private static final TextWriter WRITER = new TextWriter();

  @Test
  void scrapesOfTwoFormatsByTurns_compressEachPageOnce() throws Exception {
    List<MergedFamily> families = families("{\"a.b\",n=\"%d\"} 1");
    SeriesPage[] pages = families.get(0).pages();
    assertTrue(pages.length > 1);
    scrape(families, EscapingScheme.ALLOW_UTF_8);
    scrape(families, EscapingScheme.UNDERSCORES);
    List<DeflatedPages> first = kept(pages, EscapingScheme.ALLOW_UTF_8);
    List<DeflatedPages> second = kept(pages, EscapingScheme.UNDERSCORES);
    for (int turn = 0; turn < 2; turn++) {
      scrape(families, EscapingScheme.ALLOW_UTF_8);
      scrape(families, EscapingScheme.UNDERSCORES);
    }
    for (int i = 0; i < pages.length; i++) {
      assertNotSame(first.get(i), second.get(i));
      assertSame(first.get(i), kept(pages, EscapingScheme.ALLOW_UTF_8).get(i));
      assertSame(second.get(i), kept(pages, EscapingScheme.UNDERSCORES).get(i));
    }
  }

  @Test
  void keepsTheTwoNewestFormats() throws Exception {
    List<MergedFamily> families = families("{\"a.b\",n=\"%d\"} 1");
    SeriesPage page = families.get(0).pages()[0];
    for (EscapingScheme scheme : EscapingScheme.values()) {
      scrape(families, scheme);
    }
    assertFalse(page.deflated(new TextPages(EscapingScheme.ALLOW_UTF_8, false)).isPresent());
    assertFalse(page.deflated(new TextPages(EscapingScheme.UNDERSCORES, false)).isPresent());
    assertTrue(page.deflated(new TextPages(EscapingScheme.DOTS, false)).isPresent());
    assertTrue(page.deflated(new TextPages(EscapingScheme.VALUES, false)).isPresent());
  }

  @Test
  void allSchemesSharePagesWithoutNamesToEscape() throws Exception {
    List<MergedFamily> families = families("a_b{n=\"%d\"} 1");
    TextPages legacy = TextPages.of(families.get(0), EscapingScheme.DOTS);
    SeriesPage page = families.get(0).pages()[0];
    scrape(families, EscapingScheme.ALLOW_UTF_8);
    DeflatedPages kept = page.deflated(legacy).orElseThrow();
    scrape(families, EscapingScheme.VALUES);
    assertSame(kept, page.deflated(legacy).orElseThrow());
  }

  /** Else a small family without names to escape would be compressed anew at each turn. */
  @Test
  void smallFamiliesWithAndWithoutNamesToEscapeAreCompressedApart() throws Exception {
    MergedFamily legacy = recurring("a_b 1\n");
    MergedFamily utf8 = recurring("{\"a.c\"} 1\n");
    List<MergedFamily> families = List.of(legacy, utf8);
    SeriesPage page = legacy.pages()[0];
    TextPages format = TextPages.of(legacy, EscapingScheme.ALLOW_UTF_8);
    scrape(families, EscapingScheme.ALLOW_UTF_8);
    DeflatedPages kept = page.deflated(format).orElseThrow();
    scrape(families, EscapingScheme.UNDERSCORES);
    assertSame(kept, page.deflated(format).orElseThrow());
  }

  private static List<MergedFamily> families(String line) throws ExpositionException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < SERIES; i++) {
      text.append(String.format(line, i)).append('\n');
    }
    return List.of(recurring(text.toString()));
  }

  /** A family as the store has it: one that will be scraped again. */
  private static MergedFamily recurring(String text) throws ExpositionException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    FamilyBlock block =
        new TextParser(true).parse(body, 0, body.length, GroupingLabels.NONE).families().get(0);
    return MergedFamily.successor(block, new FamilyBlock[] {block}, null);
  }

  private static List<DeflatedPages> kept(SeriesPage[] pages, EscapingScheme scheme) {
    List<DeflatedPages> kept = new ArrayList<>();
    for (SeriesPage page : pages) {
      kept.add(page.deflated(new TextPages(scheme, false)).orElseThrow());
    }
    return kept;
  }

  /** Scrapes compressed, and checks that the plain scrape is the same. */
  private static void scrape(List<MergedFamily> families, EscapingScheme scheme)
      throws IOException {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    WRITER.writeGzip(families, scheme, gzip);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    WRITER.write(families, scheme, plain);
    GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip.toByteArray()));
    assertEquals(
        plain.toString(StandardCharsets.UTF_8),
        new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }
}
