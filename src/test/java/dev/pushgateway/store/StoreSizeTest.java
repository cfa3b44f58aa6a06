package dev.pushgateway.store;

import static dev.pushgateway.store.StoreTesting.key;
import static dev.pushgateway.store.StoreTesting.post;
import static dev.pushgateway.store.StoreTesting.push;
import static dev.pushgateway.store.StoreTesting.put;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoreSizeTest {
  private static final String READERS =
      "scrapes that have not been read to their end keep too much memory";

  private final MetricStore store = new MetricStore(true, List.of(), new StoreLimits(0, 0, 60_000));

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
        "what is stored takes 0 MiB of memory already, and more than 0 MiB are not left for it;"
            + " see -Xmx";
    assertEquals(full, push(store, put(key("b"), 1, text(40_000))));
    assertEquals(full, push(store, put(key("a"), 2, text(80_000))));
    assertEquals("", push(store, put(key("a"), 3, text(40_000))), "as much as before");
    assertEquals("", push(store, put(key("a"), 4, text(10_000))), "less than before");
    assertEquals("", push(store, put(key("b"), 1, text(30_000))), "there is room again");
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
    assertTrue(store.delete(key("a")));
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
