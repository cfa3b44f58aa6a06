package dev.pushgateway.store;

import static dev.pushgateway.property.Property.forAll;
import static dev.pushgateway.store.StoreTesting.key;
import static dev.pushgateway.store.StoreTesting.post;
import static dev.pushgateway.store.StoreTesting.push;
import static dev.pushgateway.store.StoreTesting.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.store.MetricStore.Growth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreSizeTest {
  private final MetricStore store = new MetricStore(true, Map.of());

  {
    store.start(ChangeLog.NONE);
  }

  /** A text that takes about so many bytes of the heap. */
  private static String text(int bytes) {
    return "a{b=\"" + "x".repeat(bytes * 3 / 4) + "\"} 1\n";
  }

  private static Push taking(long takenBytes, Push push) {
    return new Push(push.key(), push.replace(), push.exposition(), push.timeNanos(), takenBytes);
  }

  @Test
  void weighsNothingWhenAllIsGone() throws Exception {
    push(store, put(key("a", "b", "c"), 1, "x 1\ny 1\n"));
    push(store, put(key("b"), 1, "x 2\n"));
    push(store, post(key("b"), 2, "x{a=\"b\"} 2\nz 1\nz 1\n"));
    assertTrue(store.storedBytes() > 2_000);
    StoreTesting.join(store.delete(key("b")));
    StoreTesting.join(store.delete(key("a", "b", "c")));
    assertEquals(0, store.storedBytes());
    push(store, put(key("b"), 1, "x 2\n"));
    StoreTesting.join(store.wipe());
    assertEquals(0, store.storedBytes());
    assertEquals(0, store.retainedBytes());
  }

  /** Pushes of any size, accepted and rejected, and deletions, in any order. */
  @Test
  void growthIsWhatAPushAdds() {
    forAll(
        300,
        draw -> draw.list(0, 100, () -> draw.between(0, 4_000_000) >> draw.between(0, 21)),
        this::assertGrowth);
  }

  private void assertGrowth(List<Integer> steps) throws Exception {
    StoreTesting.join(store.wipe());
    for (int step : steps) {
      GroupingKey key = key("j", "i", "" + step % 8);
      int size = step / 8 % 20_000;
      Push push =
          switch (step % 4) {
            case 0 -> post(key, step, "a " + size + "\nb{c=\"" + "y".repeat(size) + "\"} 1\n");
            case 1 -> put(key, step, "c " + size + "\n");
            default -> put(key, step, text(size));
          };
      boolean isNew = store.known(key).named(Group.PUSH_TIME) == null;
      long before = store.storedBytes();
      Growth growth = store.growth(push);
      assertEquals(isNew, growth.isNew());
      assertTrue(growth.bytes() <= push.heapBytes());
      assertEquals("", push(store, push));
      assertEquals(growth.bytes(), store.storedBytes() - before);
      if (step % 5 == 0) {
        StoreTesting.join(store.delete(key));
      }
    }
  }

  /** A PUT is all of its group. After a POST, the push before it may come again, too. */
  @Test
  void knowsTheLargestPush() throws Exception {
    push(store, taking(5_000, put(key("a"), 1, "x 1\n")));
    push(store, taking(3_000, put(key("b"), 1, "x 1\n")));
    assertEquals(5_000, store.largestPushBytes());
    push(store, taking(1_000, post(key("a"), 2, "y 1\n")));
    store.findLargestPush();
    assertEquals(5_000, store.largestPushBytes());
    push(store, taking(2_000, put(key("a"), 3, "x 1\n")));
    store.findLargestPush();
    assertEquals(3_000, store.largestPushBytes());
    StoreTesting.join(store.delete(key("b")));
    store.findLargestPush();
    assertEquals(2_000, store.largestPushBytes());
    StoreTesting.join(store.wipe());
    assertEquals(0, store.largestPushBytes());
  }

  @Test
  void rejectedPush_isNotTheLargest() {
    push(store, taking(1_000, put(key("a"), 1, "x 1\n")));
    assertFalse(push(store, taking(9_000, put(key("a"), 1, "x 1 1\n"))).isEmpty());
    store.findLargestPush();
    assertEquals(1_000, store.largestPushBytes());
  }

  @Test
  void restoredGroup_isAssumedToTakeFourTimesItsSize() {
    Push push = put(key("old"), 1, text(40_000));
    MetricStore restored = new MetricStore(true, Map.of());
    restored.apply(new Change.Pushed(push.key(), true, 1, push.exposition().families()));
    restored.start(ChangeLog.NONE);
    long factor = restored.largestPushBytes() / restored.storedBytes();
    assertTrue(factor == 3 || factor == 4, "it is " + factor);
  }

  @Test
  void countsWhatReadersKeepAlive() throws Exception {
    assertEquals("", push(store, put(key("a"), 1, text(30_000))));
    long before = store.storedBytes();
    MetricStore.Reading old = store.read();
    assertEquals("", push(store, put(key("a"), 2, text(30_000))));
    assertEquals(before, store.storedBytes());
    assertTrue(store.retainedBytes() > before - 3_000, "what was replaced");
    MetricStore.Reading later = store.read();
    old.close();
    assertEquals(0, store.retainedBytes());
    StoreTesting.join(store.delete(key("a")));
    assertTrue(store.retainedBytes() > before - 3_000, "what was deleted");
    later.close();
    assertEquals(0, store.retainedBytes());
  }

  /** Heap, and how long a region of it is: https://docs.oracle.com/en/java/javase/17/gctuning/. */
  @ParameterizedTest
  @CsvSource({"268435456, 1048576", "8589934592, 4194304", "1099511627776, 33554432"})
  void knowsTheRegionsOfG1(long heapBytes, long regionBytes) {
    assertEquals(regionBytes, HeapCost.regionBytes(heapBytes));
  }
}
