package dev.pushgateway.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A 64-bit hash of bytes. Each process has its own random keys. Nobody can therefore push series
 * that collide on purpose.
 *
 * <p>Each step takes 16 bytes and folds them by one 128-bit multiplication: the construction of
 * wyhash.
 *
 * @see <a href="https://github.com/wangyi-fudan/wyhash">wyhash</a>
 */
public final class SeriesHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long SEED = RANDOM.nextLong();
  private static final long KEY_A = RANDOM.nextLong() | 1;
  private static final long KEY_B = RANDOM.nextLong() | 1;

  private SeriesHash() {}

  public static long hash(byte[] bytes, int from, int to, long start) {
    long hash = start ^ SEED;
    int at = from;
    for (; to - at >= 16; at += 16) {
      long a = (long) LONGS.get(bytes, at);
      long b = (long) LONGS.get(bytes, at + 8);
      hash = fold(a ^ KEY_A, b ^ hash);
    }
    long a = 0;
    long b = 0;
    if (to - at >= 8) {
      a = (long) LONGS.get(bytes, at);
      at += 8;
    }
    for (int shift = 0; at < to; at++, shift += 8) {
      b |= (bytes[at] & 0xFFL) << shift;
    }
    return fold(fold(a ^ KEY_A, b ^ hash) ^ KEY_B, (to - from) ^ KEY_A);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.multiplyHigh(a, b);
  }
}
