package dev.pushgateway.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentQuantilesTest {
  private final AtomicLong now = new AtomicLong(-1);
  private final RecentQuantiles recent = new RecentQuantiles();

  private void observe(long value) {
    recent.observe(value, now.get());
  }

  private double[] quantiles(double... parts) {
    return recent.quantiles(now.get(), parts);
  }

  @Test
  void areNotANumberWithoutObservations() {
    assertArrayEquals(new double[] {Double.NaN, Double.NaN}, quantiles(0.1, 0.9));
  }

  @Test
  void areExactForSmallNumbers() {
    for (int i = 1; i <= 60; i++) {
      observe(i);
    }
    assertArrayEquals(new double[] {1, 6, 30, 54, 60}, quantiles(0, 0.1, 0.5, 0.9, 1));
  }

  @Test
  void areOffBySoLittle() {
    Random random = new Random(7);
    long[] values = new long[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble() * 28);
      observe(values[i]);
    }
    Arrays.sort(values);
    double[] parts = {0.1, 0.5, 0.9, 0.999};
    double[] quantiles = quantiles(parts);
    for (int i = 0; i < parts.length; i++) {
      double exact = values[(int) Math.ceil(parts[i] * values.length) - 1];
      assertEquals(exact, quantiles[i], exact * 0.016, "quantile " + parts[i]);
    }
  }

  @Test
  void forgetAfterTenMinutes() {
    observe(10);
    now.addAndGet(TimeUnit.MINUTES.toNanos(7));
    observe(20);
    assertArrayEquals(new double[] {10, 20}, quantiles(0.5, 1));
    now.addAndGet(TimeUnit.MINUTES.toNanos(4));
    assertArrayEquals(new double[] {20, 20}, quantiles(0.5, 1));
    now.addAndGet(TimeUnit.MINUTES.toNanos(60));
    assertArrayEquals(new double[] {Double.NaN}, quantiles(0.5));
    observe(30);
    assertArrayEquals(new double[] {30}, quantiles(0.5));
  }

  @Test
  void countWhatManyThreadsObserve() throws InterruptedException {
    Thread[] threads = new Thread[20];
    for (int i = 0; i < threads.length; i++) {
      int value = i + 1;
      threads[i] = new Thread(() -> observe(value));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertArrayEquals(new double[] {1, 10, 20}, quantiles(0, 0.5, 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 63, 64, 65, 127, 128, 129, 255, 256, 1_000_000, (1L << 43) - 1})
  void bucketsHoldWhatBelongsThere(long value) {
    double middle = RecentQuantiles.middleOf(RecentQuantiles.bucketOf(value));
    assertTrue(Math.abs(middle - value) <= value * 0.016, value + " became " + middle);
  }

  @Test
  void bucketsFollowEachOther() {
    int last = -1;
    for (long value = 0; value < 1 << 20; value++) {
      int bucket = RecentQuantiles.bucketOf(value);
      assertTrue(bucket == last || bucket == last + 1, "bucket of " + value);
      last = bucket;
    }
  }

  @Test
  void takeAnyNumber() {
    observe(Long.MAX_VALUE);
    observe(Long.MIN_VALUE);
    assertEquals(0, quantiles(0.5)[0]);
  }
}
