package dev.pushgateway.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private final AtomicLong now = new AtomicLong();
  private final RefusalLog log = new RefusalLog(now::get);

  @Test
  void admitsTenAtOnceAndOneASecondAfterThat() {
    for (int i = 0; i < 10; i++) {
      assertEquals(0, log.admit("a"), "line " + i);
    }
    assertEquals(-1, log.admit("a"));
    assertEquals(-1, log.admit("a"));
    now.addAndGet(999_999_999);
    assertEquals(-1, log.admit("a"));
    now.addAndGet(2);
    assertEquals(3, log.admit("a"), "says how many were left out");
    assertEquals(-1, log.admit("a"));
  }

  @Test
  void countsEachClientForItself() {
    for (int i = 0; i < 11; i++) {
      log.admit("a");
    }
    assertEquals(-1, log.admit("a"));
    assertEquals(0, log.admit("b"));
  }

  @Test
  void forgetsTheClientsThatHaveBeenQuietForLongest() {
    for (int i = 0; i < 11; i++) {
      log.admit("first");
    }
    for (int i = 0; i < 999; i++) {
      log.admit("client " + i);
    }
    assertEquals(-1, log.admit("first"), "1000 are remembered");
    for (int i = 1_000; i < 2_000; i++) {
      log.admit("client " + i);
    }
    assertEquals(0, log.admit("first"), "and no more");
  }

  /** A log that nobody reads must not keep all threads waiting. */
  @Test
  void onlySoManyWaitForTheLog() throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(16);
    List<Thread> waiting = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      String client = "client " + i;
      Thread thread =
          new Thread(
              () ->
                  log.write(
                      client,
                      more -> {
                        begun.countDown();
                        awaitUninterruptibly(end);
                      }));
      thread.start();
      waiting.add(thread);
    }
    begun.await();
    log.write("a", more -> fail("does not wait, too"));
    end.countDown();
    for (Thread thread : waiting) {
      thread.join();
    }
    List<String> lines = new ArrayList<>();
    log.write("a", lines::add);
    log.write("a", lines::add);
    assertEquals(List.of(" (1 more of this client were not logged)", ""), lines);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
