package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentChangesTest {
  private final RecentChanges changes = new RecentChanges();
  private final long start = System.nanoTime();

  @Test
  void thereAreNoneAsLongAsTheVersionStaysTheSame() {
    assertFalse(areThere(0, 0));
    assertFalse(areThere(0, 500));
  }

  @Test
  void aChangeIsRecentForASecond() {
    assertTrue(areThere(1, 0));
    assertTrue(areThere(1, 999));
    assertFalse(areThere(1, 1_000));
  }

  @Test
  void eachChangeCountsAnew() {
    assertTrue(areThere(1, 0));
    assertTrue(areThere(7, 999));
    assertTrue(areThere(7, 1_998));
    assertFalse(areThere(7, 1_999));
  }

  private boolean areThere(long version, long millis) {
    return changes.areThere(version, start + TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
