package dev.pushgateway.scrape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelGzipOutputTest {
  private static final int STRETCH = 64 << 10;

  /** Two of three bytes are random, so that nothing fits by accident. */
  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    for (int i = 0; i < length; i += 3) {
      bytes[i] = 'x';
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, STRETCH - 1, STRETCH, STRETCH + 1, 2 * STRETCH, 40 * STRETCH + 17})
  void isOneGzipMemberOfWhatWasWritten(int length) throws IOException {
    byte[] plain = bytes(length);
    Random random = new Random(length);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (ParallelGzipOutput out = new ParallelGzipOutput(compressed)) {
      int at = 0;
      while (at < length) {
        int next = Math.min(length, at + random.nextInt(3 * STRETCH));
        out.write(plain, at, next - at);
        at = next;
        if (at < length) {
          out.write(plain[at++]);
        }
      }
      out.finish();
    }
    ByteArrayInputStream in = new ByteArrayInputStream(compressed.toByteArray());
    try (GZIPInputStream read = new GZIPInputStream(in)) {
      assertArrayEquals(plain, read.readAllBytes());
    }
    assertEquals(0, in.available());
  }

  /** What is written stays in order, and the output is not asked twice, when it fails. */
  @Test
  void endsWhenTheOutputFails() {
    int[] calls = {0};
    OutputStream failing =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            calls[0]++;
            throw new IOException("gone");
          }

          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            write(0);
          }
        };
    int before = OrderedOutput.ahead();
    IOException e = assertThrows(IOException.class, () -> writeMuch(failing));
    assertEquals("gone", e.getMessage());
    assertEquals(1, calls[0]);
    assertTrue(OrderedOutput.ahead() <= before, "stretches are still counted");
  }

  private static void writeMuch(OutputStream to) throws IOException {
    try (ParallelGzipOutput out = new ParallelGzipOutput(to)) {
      out.write(bytes(40 * STRETCH));
      out.finish();
    }
  }
}
