package dev.pushgateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final Optional<RateLimit> LIMIT =
      Optional.of(new RateLimit(Duration.ofNanos(100), 3));

  private long now = Long.MAX_VALUE - 150; // Overflows soon, as nanoTime may.
  private final RateLimiter limiter = new RateLimiter(() -> now);

  @Test
  void takesABurstThenOneEachInterval() {
    for (int i = 0; i < 3; i++) {
      assertEquals(0, limiter.countRequest(LIMIT));
    }
    assertEquals(100, limiter.countRequest(LIMIT));
    now += 60;
    assertEquals(40, limiter.countRequest(LIMIT));
    now += 40;
    assertEquals(0, limiter.countRequest(LIMIT));
    assertEquals(100, limiter.countRequest(LIMIT));
  }

  @Test
  void pauseEarnsNoMoreThanABurst() {
    takesABurstThenOneEachInterval();
    now += 1_000_000;
    takesABurstThenOneEachInterval();
  }

  @Test
  void otherLimitCountsFromNothing() {
    takesABurstThenOneEachInterval();
    assertEquals(0, limiter.countRequest(Optional.of(new RateLimit(Duration.ofNanos(50), 1))));
  }

  @Test
  void noLimitTakesAll() {
    for (int i = 0; i < 100; i++) {
      assertEquals(0, limiter.countRequest(Optional.empty()));
    }
  }

  @Test
  void hugeLimitsDoNotOverflow() {
    RateLimit huge = new RateLimit(Duration.ofSeconds(Long.MAX_VALUE), Integer.MAX_VALUE);
    assertEquals(0, limiter.countRequest(Optional.of(huge)));
  }
}
