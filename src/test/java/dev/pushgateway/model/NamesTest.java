package dev.pushgateway.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pushgateway.block.TextLines;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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

  @Property
  void sortsLikeTheBytesOfUtf8(@ForAll("texts") String a, @ForAll("texts") String b) {
    int bytes =
        Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    assertEquals(Integer.signum(bytes), Integer.signum(Names.BY_CODE_POINT.compare(a, b)));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "b", "é", "\uFFFD", "😀", "日", "𐀀", "\uE000")
        .list()
        .ofMaxSize(4)
        .map(parts -> String.join("", parts));
  }
}
