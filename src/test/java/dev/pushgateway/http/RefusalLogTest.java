package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
