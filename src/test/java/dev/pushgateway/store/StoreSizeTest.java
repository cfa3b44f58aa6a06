package dev.pushgateway.store;

import static dev.pushgateway.property.Property.forAll;
import static dev.pushgateway.store.StoreTesting.key;
import static dev.pushgateway.store.StoreTesting.post;
import static dev.pushgateway.store.StoreTesting.push;
import static dev.pushgateway.store.StoreTesting.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreSizeTest {
  private static final String READERS =
      "scrapes that have not been read to their end keep too much memory";

  private final MetricStore store =
      new MetricStore(true, List.of(), new StoreLimits(0, 0, 60_000, 0));

  {
    store.start(ChangeLog.NONE);
  }

  /** A text that takes about so many bytes of the heap. */
  private static String text(int bytes) {
    return "a{b=\"" + "x".repeat(bytes * 3 / 4) + "\"} 1\n";
  }

  @Test
  void weighsNothingWhenAllIsGone() throws Exception {
    push(store, put(key("a", "b", "c"), 1, "x 1\ny 1\n"));
    push(store, put(key("b"), 1, "x 2\n"));
    push(store, post(key("b"), 2, "x{a=\"b\"} 2\nz 1\nz 1\n"));
    assertTrue(store.heapBytes() > 2_000);
    store.delete(key("b"));
    store.delete(key("a", "b", "c"));
    assertEquals(0, store.heapBytes());
    push(store, put(key("b"), 1, "x 2\n"));
    store.wipe();
    assertEquals(0, store.heapBytes());
  }

  @Test
  void refusesToGrowBeyondItsShareOfTheHeap() {
    assertEquals("", push(store, put(key("a"), 1, text(40_000))));
    String full =
        "what is stored takes 0 MiB of memory already, with room for each group to grow a little,"
            + " and more than 0 MiB are not left for it; see -Xmx";
    assertEquals(full, push(store, put(key("b"), 1, text(40_000))));
    assertEquals(full, push(store, put(key("a"), 2, text(80_000))));
    assertEquals("", push(store, put(key("a"), 3, text(40_000))), "as much as before");
    assertEquals("", push(store, put(key("a"), 4, text(10_000))), "less than before");
    assertEquals("", push(store, put(key("b"), 1, text(30_000))), "there is room again");
  }

  /** Bodies of about so many bytes, one behind the other, where 500,000 are for all and a push. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "one large,                          100000, true",
    "one too large to be pushed again,  120000, false",
    "two large,                    60000 60000, true",
    "the second too large,         60000 100000, false",
    "small ones after a large,       100000 100, true",
    "middle ones after a large,    100000 60000, false",
    "many small,  9000 9000 9000 9000 9000 9000, true"
  })
  void whatIsTakenCanBePushedAgain(String what, String sizes, boolean isTaken) {
    MetricStore room = new MetricStore(true, List.of(), new StoreLimits(0, 0, 0, 500_000));
    room.start(ChangeLog.NONE);
    String refusal = "";
    int number = 0;
    for (String size : sizes.split(" ")) {
      refusal = push(room, put(key("j", "i", "" + number++), 1, text(Integer.parseInt(size))));
    }
    assertEquals(isTaken, refusal.isEmpty(), what + ": " + refusal);
    if (isTaken) {
      for (int i = 0; i < number; i++) {
        String size = sizes.split(" ")[i];
        assertEquals("", push(room, put(key("j", "i", "" + i), 2, text(Integer.parseInt(size)))));
      }
    } else {
      assertTrue(refusal.contains("too little to push the largest group again"), refusal);
    }
  }

  @Test
  void largestGroupThatGoesOrShrinksLeavesRoom() throws Exception {
    MetricStore room = new MetricStore(true, List.of(), new StoreLimits(0, 0, 0, 500_000));
    room.start(ChangeLog.NONE);
    assertEquals("", push(room, put(key("a"), 1, text(100_000))));
    assertNotEquals("", push(room, put(key("b"), 1, text(60_000))));
    assertEquals("", push(room, put(key("a"), 2, text(60_000))), "less than before");
    assertEquals("", push(room, put(key("b"), 2, text(60_000))));
    assertNotEquals("", push(room, put(key("b"), 3, text(100_000))));
    assertTrue(StoreTesting.join(room.delete(key("a"))));
    assertEquals("", push(room, put(key("b"), 4, text(100_000))));
  }

  /** Of a group that takes about 4,500 bytes, in a store that others have filled. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "as much,                               2000, 2000, true",
    "an eighth more and 512 bytes,          2000, 3000, true",
    "more than that,                        2000, 4000, false",
    "much less,                             2000,   10, true",
    "new and small,                            0,   10, false",
    "new and large,                            0, 2000, false"
  })
  void groupHasRoomToGrowALittle_newOneHasNot(
      String what, int bytes, int bytesAfter, boolean isTaken) {
    if (bytes > 0) {
      assertEquals("", push(store, put(key("good"), 1, text(bytes))));
    }
    fill();
    boolean taken = push(store, put(key("good"), 2, text(bytesAfter))).isEmpty();
    assertEquals(isTaken, taken, what);
  }

  private void fill() {
    for (int i = 0; push(store, put(key("hostile", "i", "" + i), 1, "a 1\n")).isEmpty(); i++) {
      assertTrue(i < 1_000, "the store does not become full");
    }
  }

  @Test
  void roomToGrowIsKeptOnce() {
    assertEquals("", push(store, put(key("good"), 1, text(2_000))));
    fill();
    int refused = 0;
    for (int bytes = 2_000; bytes < 60_000; bytes += 100) {
      refused += push(store, put(key("good"), 2, text(bytes))).isEmpty() ? 0 : 1;
    }
    assertTrue(refused > 500, "in small steps it grows no further than at once: " + refused);
    assertEquals("", push(store, put(key("good"), 3, text(2_000))), "as at first");
  }

  /** Numbers as long as they can be, after those as short as they can be. */
  @Test
  void jobAlwaysFindsRoomForItsNumbers() {
    assertEquals("", push(store, put(key("good"), 1, lines("0"))));
    fill();
    assertEquals("", push(store, put(key("good"), 2, lines("-1.2345678901234567e+300"))));
    assertEquals("", push(store, put(key("good"), 3, lines("0"))));
    assertEquals("", push(store, put(key("good"), 4, lines("-1.2345678901234567e+300"))));
  }

  private static String lines(String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append("rows{table=\"t").append(i).append("\"} ").append(value).append('\n');
    }
    return text.toString();
  }

  @Test
  void groupThatIsRestoredHasRoomToGrow() throws Exception {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Push push = put(key("old", "i", "" + i), 1, text(2_000));
      changes.add(new Change.Pushed(push.key(), true, 1, push.exposition().families()));
    }
    MetricStore restored = new MetricStore(true, List.of(), new StoreLimits(0, 0, 60_000, 0));
    changes.forEach(restored::apply);
    restored.start(ChangeLog.NONE);
    assertTrue(restored.heapBytes() > 60_000, "what is restored is taken in any case");
    assertEquals("", push(restored, put(key("old", "i", "7"), 2, text(2_500))));
    assertNotEquals("", push(restored, put(key("new"), 2, "a 1\n")));
  }

  /** Pushes of any size, accepted, failed and refused, and deletions, in any order. */
  @Test
  void nothingPassesTheLimit() {
    forAll(
        300,
        draw -> draw.list(0, 200, () -> draw.between(0, 4_000_000) >> draw.between(0, 21)),
        this::assertWithinTheLimit);
  }

  private void assertWithinTheLimit(List<Integer> steps) throws Exception {
    store.wipe();
    for (int step : steps) {
      GroupingKey key = key("j", "i", "" + step % 8);
      int size = step / 8 % 20_000;
      switch (step % 5) {
        case 0 -> store.delete(key);
        case 1 ->
            push(store, post(key, step, "a " + size + "\nb{c=\"" + "y".repeat(size) + "\"} 1\n"));
        case 2 -> push(store, put(key, step, "a 1 1\n")); // Has a timestamp.
        default -> push(store, put(key, step, text(size)));
      }
      assertTrue(store.heapBytes() <= 60_000, () -> store.heapBytes() + " bytes");
    }
    store.wipe();
    assertEquals(0, store.heapBytes());
  }

  @Test
  void countsWhatReadersKeepAlive() throws Exception {
    assertEquals("", push(store, put(key("a"), 1, text(30_000))));
    long before = store.heapBytes();
    MetricStore.Reading old = store.read();
    assertEquals("", push(store, put(key("a"), 2, text(30_000))));
    assertTrue(store.heapBytes() > 2 * before - 3_000, "two of them");
    MetricStore.Reading later = store.read();
    assertEquals(READERS, push(store, put(key("a"), 3, text(30_000))));
    old.close();
    assertEquals(before, store.heapBytes());
    assertEquals("", push(store, put(key("a"), 4, text(30_000))));
    later.close();
    assertEquals(before, store.heapBytes());
  }

  @Test
  void deletesEvenIfReadersKeepAlive() throws Exception {
    push(store, put(key("a"), 1, text(45_000)));
    MetricStore.Reading old = store.read();
    assertTrue(StoreTesting.join(store.delete(key("a"))));
    assertEquals(READERS, push(store, put(key("b"), 1, text(45_000))));
    old.close();
    assertEquals("", push(store, put(key("b"), 1, text(45_000))));
  }

  /** Heap, and how long a region of it is: https://docs.oracle.com/en/java/javase/17/gctuning/. */
  @ParameterizedTest
  @CsvSource({"268435456, 1048576", "8589934592, 4194304", "1099511627776, 33554432"})
  void knowsTheRegionsOfG1(long heapBytes, long regionBytes) {
    assertEquals(regionBytes, HeapCost.regionBytes(heapBytes));
  }
}
