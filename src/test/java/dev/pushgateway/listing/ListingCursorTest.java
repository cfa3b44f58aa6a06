package dev.pushgateway.listing;

import static dev.pushgateway.property.Property.forAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Labels;
import dev.pushgateway.property.Draw;
import dev.pushgateway.request.RequestRefusedException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListingCursorTest {
  @Test
  void isReadAsItWasWritten() {
    forAll(
        200,
        ListingCursorTest::cursor,
        cursor -> assertEquals(cursor, ListingCursor.decode(cursor.encode())));
  }

  private static ListingCursor cursor(Draw draw) {
    Map<String, String> labels = draw.map(20, () -> draw.text(0, 9), () -> draw.text(0, 9));
    labels.put("job", draw.text(1, 20));
    GroupingKey key = new GroupingKey(Labels.of(labels));
    return new ListingCursor(draw.oneOf(GroupSort.values()), draw.bool(), draw.anyLong(), key);
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
