package dev.pushgateway.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

/** How often what costs much is collected. */
class CachedExpositionTest {
  private byte collections;
  private long nanoTime = Long.MAX_VALUE; // Which is no reason to stand still.

  private final CachedExposition cached =
      new CachedExposition(() -> new byte[] {++collections}, () -> nanoTime);

  @Test
  void collectsOnceASecond() {
    byte[] first = cached.text();
    assertEquals(1, first[0]);
    assertSame(first, cached.text());
    nanoTime += 1_000_000_000L;
    assertSame(first, cached.text());
    nanoTime += 1;
    assertEquals(2, cached.text()[0]);
    assertEquals(2, cached.text()[0]);
    assertEquals(2, collections);
  }
}
