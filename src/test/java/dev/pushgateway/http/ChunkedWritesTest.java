package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChunkedWritesTest {
  private final List<Integer> lengths = new ArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();

  /** Like a client that takes a millisecond for each write. */
  private final ByteArrayOutputStream sink =
      new ByteArrayOutputStream() {
        @Override
        public void write(byte[] bytes, int from, int length) {
          super.write(bytes, from, length);
          lengths.add(length);
          long end = System.nanoTime() + 1_000_000;
          while (System.nanoTime() < end) {
            Thread.onSpinWait();
          }
        }
      };

  @Test
  void longArraysAreWrittenInChunks() throws IOException {
    byte[] bytes = new byte[1_000_000];
    new Random(1).nextBytes(bytes);
    try (ChunkedWrites out = new ChunkedWrites(sink, () -> false)) {
      out.write(bytes, 0, bytes.length);
      out.write(bytes, 17, 100);
    }
    byte[] written = sink.toByteArray();
    assertEquals(1_000_100, written.length);
    assertArrayEquals(bytes, java.util.Arrays.copyOf(written, bytes.length));
    assertTrue(Collections.max(lengths) <= 256 << 10, lengths::toString);
  }

  @Test
  void eachTurnAsksForPushesOnce() throws IOException {
    try (ChunkedWrites out = new ChunkedWrites(sink, () -> asked.incrementAndGet() > 0)) {
      out.write(new byte[2 << 20], 0, 2 << 20);
    }
    assertEquals(8, asked.get());
  }

  @Test
  void pause_keepsInterruption() throws IOException {
    Thread.currentThread().interrupt();
    try (ChunkedWrites out = new ChunkedWrites(sink, () -> true)) {
      out.write(new byte[1 << 20], 0, 1 << 20);
    }
    assertTrue(Thread.interrupted());
  }
}
