package dev.pushgateway.request;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupPathWriterTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isReadAsTheSameKey(boolean utf8Names) {
    forAll(
        150,
        draw -> key(draw.text(1, 12), "zone", draw.text(0, 12)),
        key -> assertEquals(key, read(GroupPathWriter.write(key, utf8Names), utf8Names)));
  }

  @Test
  void isReadAsTheSameKeyWithNamesInUtf8() {
    forAll(
        300,
        draw -> key("x", "a" + withoutLongEscapes(draw.text(1, 12)), "v"),
        key -> assertEquals(key, read(GroupPathWriter.write(key, true), true)));
  }

  /** Without plane 16: Go reads no escape of six digits, and this gateway does as Go does. */
  private static String withoutLongEscapes(String name) {
    return name.replaceAll("[\\x{100000}-\\x{10FFFF}]", "?");
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
    return new GroupPath(utf8Names, 1).parse(RequestPath.parse(path));
  }
}
