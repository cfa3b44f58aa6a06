package dev.pushgateway.store;

import static dev.pushgateway.store.StoreTesting.key;
import static dev.pushgateway.store.StoreTesting.push;
import static dev.pushgateway.store.StoreTesting.put;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.scrape.TextWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Compressed scrapes say what plain ones say, also when they are put together from kept pages. */
class GzipScrapeTest {
  private final MetricStore store = StoreTesting.startedStore();
  private final Random random = new Random(1);

  @Test
  void saysWhatThePlainScrapeSays_afterAnyPush() throws Exception {
    for (int step = 0; step < 120; step++) {
      int group = random.nextInt(12);
      String name = "family_" + random.nextInt(40);
      int series = random.nextInt(10) == 0 ? 3_000 : random.nextInt(20);
      push(store, put(key("j", "g", "" + group), step, families(name, series)));
      if (step % 10 == 9) {
        store.delete(key("j", "g", "" + random.nextInt(12)));
      }
      assertEquals(StoreTesting.scrape(store), unzipped(gzip()), "step " + step);
    }
  }

  private String families(String name, int series) {
    StringBuilder text =
        new StringBuilder("# HELP " + name + " Help.\n# TYPE " + name + " gauge\n");
    for (int i = 0; i < series; i++) {
      text.append(name).append("{a=\"").append(i * 7919 % 3001).append("\"} ");
      text.append(random.nextInt(100)).append('\n');
    }
    return text.append("small_").append(random.nextInt(500)).append(" 1\n").toString();
  }

  private byte[] gzip() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TextWriter().writeGzip(store.families(), EscapingScheme.UNDERSCORES, out);
    return out.toByteArray();
  }

  private static String unzipped(byte[] gzip) throws Exception {
    GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip));
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
