package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupPathWriterTest {
  @Property(tries = 300)
  void isReadAsTheSameKey(
      @ForAll boolean utf8Names,
      @ForAll @StringLength(min = 1, max = 12) String job,
      @ForAll @StringLength(max = 12) String value)
      throws Exception {
    GroupingKey key = key(wellFormed(job), "zone", wellFormed(value));
    assertEquals(key, read(GroupPathWriter.write(key, utf8Names), utf8Names));
  }

  @Property(tries = 300)
  void isReadAsTheSameKeyWithNamesInUtf8(@ForAll @StringLength(min = 1, max = 12) String name)
      throws Exception {
    String label = "a" + wellFormed(name);
    GroupingKey key = key("x", label, "v");
    assertEquals(key, read(GroupPathWriter.write(key, true), true));
  }

  @ParameterizedTest
  @CsvSource({
    "x,      y,    metrics/job/x/zone/y",
    "x/y,    ..,   metrics/job@base64/eC95/zone@base64/Li4",
    "x,      '',   metrics/job/x/zone@base64/=",
    "a b,    a+b,  metrics/job@base64/YSBi/zone@base64/YSti",
  })
  void isReadable(String job, String zone, String path) {
    assertEquals(path, GroupPathWriter.write(key(job, "zone", zone), false));
  }

  private static GroupingKey key(String job, String name, String value) {
    return new GroupingKey(Labels.of("job", job, name, value));
  }

  private static GroupingKey read(String path, boolean utf8Names) throws Exception {
    return new GroupPath(utf8Names).parse(RequestPath.parse(path), 1);
  }

  /** Without halves of surrogate pairs, which no UTF-8 can carry. */
  private static String wellFormed(String text) {
    return text.replaceAll("[\\ud800-\\udfff]", "?");
  }
}
