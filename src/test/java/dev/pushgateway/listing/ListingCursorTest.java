package dev.pushgateway.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import dev.pushgateway.request.RequestRefusedException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListingCursorTest {
  @Property(tries = 200)
  void isReadAsItWasWritten(
      @ForAll GroupSort sort,
      @ForAll boolean descending,
      @ForAll long value,
      @ForAll @StringLength(min = 1, max = 20) String job,
      @ForAll Map<@StringLength(max = 9) String, @StringLength(max = 9) String> labels)
      throws Exception {
    Map<String, String> all = new HashMap<>();
    labels.forEach((name, text) -> all.put(wellFormed(name), wellFormed(text)));
    all.put("job", wellFormed(job));
    ListingCursor cursor =
        new ListingCursor(sort, descending, value, new GroupingKey(Labels.of(all)));
    assertEquals(cursor, ListingCursor.decode(cursor.encode()));
  }

  /** Without halves of surrogate pairs, which no UTF-8 can carry. */
  private static String wellFormed(String text) {
    return text.replaceAll("[\\ud800-\\udfff]", "?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "AQ", "!", "AQkA", "____", "AQAAAAAAAAAAAAAAAA"})
  void refusesWhatNobodyWrote(String text) {
    assertThrows(RequestRefusedException.class, () -> ListingCursor.decode(text));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 10, 11, 12, 13, 16, 20, 25})
  void refusesCursorsCutShortOrTooLong(int length) {
    ListingCursor cursor =
        new ListingCursor(
            GroupSort.JOB, false, 7, new GroupingKey(Labels.of("job", "x", "instance", "y")));
    byte[] bytes = Base64.getUrlDecoder().decode(cursor.encode());
    byte[] cut = java.util.Arrays.copyOf(bytes, length);
    byte[] more = java.util.Arrays.copyOf(bytes, bytes.length + 1 + length);
    for (byte[] wrong : new byte[][] {cut, more}) {
      String text = Base64.getUrlEncoder().encodeToString(wrong);
      assertThrows(RequestRefusedException.class, () -> ListingCursor.decode(text));
    }
  }
}
