package dev.pushgateway.model;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.block.TextLines;
import dev.pushgateway.property.Draw;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "'', false, false",
    "a, true, true",
    "_, true, true",
    "Zz9_, true, true",
    "9a, false, false",
    ":, true, false",
    "a:b, true, false",
    "a.b, false, false",
    "a b, false, false",
    "a-b, false, false",
    "ä, false, false",
    "aä, false, false",
    "a\u0661, false, false",
    "__name__, true, true",
  })
  void knowsLegacyNames(String name, boolean metric, boolean label) {
    byte[] amidst = ("9" + name + "9").getBytes(StandardCharsets.UTF_8);
    assertEquals(metric, Names.isLegacyMetricName(name));
    assertEquals(metric, TextLines.isLegacyMetricName(amidst, 1, amidst.length - 1));
    assertEquals(label, Names.isLegacyLabelName(name));
    assertEquals(label, TextLines.isLegacyLabelName(amidst, 1, amidst.length - 1));
  }

  @Test
  void sortsLikeTheBytesOfUtf8() {
    forAll(
        1_000,
        draw -> List.of(text(draw), text(draw)),
        texts -> assertSortsLikeTheBytes(texts.get(0), texts.get(1)));
  }

  private static String text(Draw draw) {
    return draw.of("abé\uFFFD😀日𐀀\uE000", 0, 4);
  }

  private static void assertSortsLikeTheBytes(String a, String b) {
    int bytes =
        Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    assertEquals(Integer.signum(bytes), Integer.signum(Names.BY_CODE_POINT.compare(a, b)));
  }
}
