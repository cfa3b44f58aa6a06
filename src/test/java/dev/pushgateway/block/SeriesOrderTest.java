package dev.pushgateway.block;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Names;
import dev.pushgateway.property.Draw;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order worked out on encoded labels is that of their plain values. */
class SeriesOrderTest {
  /** By number of labels, then by values, then by names. */
  private static final Comparator<Labels> PLAIN =
      Comparator.comparingInt(Labels::size)
          .thenComparing((a, b) -> compareStrings(a, b, false))
          .thenComparing((a, b) -> compareStrings(a, b, true));

  private static int compareStrings(Labels a, Labels b, boolean names) {
    for (int i = 0; i < a.size(); i++) {
      int order =
          Names.BY_CODE_POINT.compare(
              names ? written(a.name(i)) : a.value(i), names ? written(b.name(i)) : b.value(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** A name as the text format has it, which decides between series of equal values. */
  private static String written(String name) {
    return Labels.of(name, "").toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a="1"         | a="2"
          b="9"         | a="1",b="1"
          a="1"         | a="10"
          a=""          | a="!"
          a="x"         | a="x!"
          a="x"         | a="x\\n"
          a="x\\n"      | a="x "
          a="x\\n"      | a="x\\\\"
          a="x\\""      | a="x\\\\"
          a="x!"        | a="x\\""
          a="["         | a="\\\\"
          a="\\\\"      | a="]"
          a="\\\\"      | a="\\\\\\\\"
          a="\\\\n"     | a="n"
          a="z",b="1"   | a="ü",b="0"
          a="1",b="2"   | a="1",b="3"
          a="1"         | b="1"
          b="0"         | a="1"
          "a.b"="1"     | "a.b"="2"
          "a\\"="="1"   | "a\\"="="2"
          """)
  void comesBefore(String first, String second) {
    byte[] a = (first + "} 1\n").getBytes(StandardCharsets.UTF_8);
    byte[] b = (second + "} 1\n").getBytes(StandardCharsets.UTF_8);
    int aCount = first.contains(",") ? 2 : 1;
    int bCount = second.contains(",") ? 2 : 1;
    assertTrue(SeriesOrder.compare(a, 0, aCount, b, 0, bCount) < 0);
    assertTrue(SeriesOrder.compare(b, 0, bCount, a, 0, aCount) > 0);
    assertEquals(0, SeriesOrder.compare(a, 0, aCount, a, 0, aCount));
  }

  @Test
  void sortsAsPlainValuesAre() {
    forAll(1_000, SeriesOrderTest::labelSets, series -> assertSorts(series, false));
  }

  @Test
  void sortsThoseOfTheSameNamesAsPlainValuesAre() {
    forAll(1_000, SeriesOrderTest::sameNames, series -> assertSorts(series, true));
  }

  private static void assertSorts(List<Labels> series, boolean sameNames) {
    int size = series.size();
    ByteArray text = new ByteArray(16);
    int[] starts = new int[size];
    int[] ends = new int[size];
    int[] counts = new int[size];
    for (int i = 0; i < size; i++) {
      text.add(TextLines.utf8("a{"));
      starts[i] = text.length;
      String labels = series.get(i).toString();
      text.add(TextLines.utf8(labels.substring(1, labels.length() - 1)));
      ends[i] = text.length;
      counts[i] = series.get(i).size();
      text.add(TextLines.utf8("} " + (size - i) + "\n"));
    }
    int[] order = new SeriesSorter(text.bytes, starts, ends, counts, sameNames).order(size);
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      expected.add(i);
    }
    expected.sort(Comparator.comparing(series::get, PLAIN));
    assertArrayEquals(expected.stream().mapToInt(i -> i).toArray(), order);
  }

  private static List<Labels> labelSets(Draw draw) {
    return draw.list(0, 20, () -> Labels.of(draw.map(3, () -> name(draw), () -> value(draw))));
  }

  private static String name(Draw draw) {
    return draw.oneOf("a", "b", "c.d", "\"=");
  }

  private static List<Labels> sameNames(Draw draw) {
    return draw.list(1, 20, () -> Labels.of("long_name", value(draw), "other", value(draw)));
  }

  private static String value(Draw draw) {
    return draw.bool() ? draw.of("a!\"\\\n\u0000\u007Fé日", 0, 4) : draw.of("a\\\n", 6, 12);
  }
}
