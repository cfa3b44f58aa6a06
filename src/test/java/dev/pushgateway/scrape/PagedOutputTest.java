package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.parse.TextParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagedOutputTest {
  private static final int LONG_PAGE = 40_000;
  private static final FamilyBlock[] BLOCKS = {block()};

  /** Has a hundred metrics, of which the last is long. */
  private static FamilyBlock block() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 99; i++) {
      text.append(String.format("a{i=\"%02d\"} 1\n", i));
    }
    text.append("a{i=\"99").append("x".repeat(SeriesPage.BYTES)).append("\"} 1\n");
    byte[] body = TextLines.utf8(text.toString());
    try {
      return new TextParser(false)
          .parse(body, 0, body.length, GroupingLabels.NONE)
          .families()
          .get(0);
    } catch (ExpositionException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 50, 100})
  void writesBitsAndPagesInTheOrderTheyWereAdded(int pageCount) throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    StringBuilder expected = new StringBuilder();
    try (PagedOutput output = new PagedOutput(written)) {
      for (int family = 0; family < 20; family++) {
        String header = "header " + family + "\n";
        output.buffer.add(TextLines.utf8(header));
        expected.append(header);
        output.add(pages(pageCount), BLOCKS, (page, to) -> write(page.metric(0), to));
        IntStream.range(0, pageCount).mapToObj(PagedOutputTest::pageText).forEach(expected::append);
      }
      output.finish();
    }
    assertEquals(expected.toString(), written.toString(StandardCharsets.UTF_8));
  }

  /** Of one metric each, whose number tells the pages apart. */
  private static SeriesPage[] pages(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new SeriesPage(new int[1], new int[] {i}))
        .toArray(SeriesPage[]::new);
  }

  private static void write(int number, ByteArray to) {
    to.add(TextLines.utf8(pageText(number)));
  }

  private static String pageText(int number) {
    return (number + " ").repeat(number % 2 == 0 ? 3 : LONG_PAGE / 2) + "\n";
  }

  @Test
  void writesWhatIsAddedBitByBitBeforeItBecomesMuch() throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    byte[] bit = new byte[1_000];
    try (PagedOutput output = new PagedOutput(written)) {
      for (int i = 1; i <= 1_000; i++) {
        output.buffer.add(bit);
        output.flushIfFull();
        assertTrue(output.buffer.length < 70_000, "in the buffer");
      }
      output.finish();
    }
    assertEquals(1_000_000, written.size());
  }

  @Test
  void leavesNothingBehindWhenTheReaderIsGone() {
    int before = OrderedOutput.ahead();
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("gone");
          }
        };
    assertThrows(
        IOException.class,
        () -> {
          try (PagedOutput output = new PagedOutput(broken)) {
            output.add(pages(100), BLOCKS, (page, to) -> write(page.metric(0), to));
            output.finish();
          }
        });
    assertEquals(before, OrderedOutput.ahead());
  }
}
