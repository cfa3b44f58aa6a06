package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PushActivityTest {
  private final PushActivity activity = new PushActivity();
  private final long start = System.nanoTime();

  @Test
  void sameVersion_isNoActivity() {
    assertFalse(isRecent(0, 0));
    assertFalse(isRecent(0, 500));
  }

  @Test
  void change_isRecentForASecond() {
    assertTrue(isRecent(1, 0));
    assertTrue(isRecent(1, 999));
    assertFalse(isRecent(1, 1_000));
  }

  @Test
  void laterChange_isRecentForAnotherSecond() {
    assertTrue(isRecent(1, 0));
    assertTrue(isRecent(7, 999));
    assertTrue(isRecent(7, 1_998));
    assertFalse(isRecent(7, 1_999));
  }

  private boolean isRecent(long version, long millis) {
    return activity.isRecent(version, start + TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
