package dev.pushgateway.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 as RFC 3629 defines it, and computes its length. Surrogates, overlong sequences and
 * characters past U+10FFFF are invalid.
 */
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /**
   * Returns the length of a text in UTF-8, in bytes. The text must not have half a surrogate pair.
   */
  public static long length(String text) {
    long length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0x7F) {
        length += c > 0x7FF && !Character.isSurrogate(c) ? 2 : 1;
      }
    }
    return length;
  }

  /** Returns whether bytes {@code [from, to)} are valid UTF-8. */
  public static boolean isValid(byte[] bytes, int from, int to) {
    int at = from;
    // Usual case: ASCII, eight bytes at a time.
    while (to - at >= 8 && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
      at += 8;
    }
    while (at < to) {
      int length = bytes[at] >= 0 ? 1 : sequenceLength(bytes, at, to);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** Returns the length of the valid multi-byte sequence at {@code at}; 0 if it is invalid. */
  private static int sequenceLength(byte[] bytes, int at, int to) {
    int first = bytes[at] & 0xFF;
    int second = at + 1 < to ? bytes[at + 1] & 0xFF : 0;
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    if (first < 0xE0) {
      return isContinuation(second) ? 2 : 0;
    }
    if (first < 0xF0) {
      boolean inRange = (first != 0xE0 || second >= 0xA0) && (first != 0xED || second < 0xA0);
      return inRange && isContinuation(second) && isContinuation(bytes, at + 2, to) ? 3 : 0;
    }
    boolean inRange = (first != 0xF0 || second >= 0x90) && (first != 0xF4 || second < 0x90);
    return inRange
            && isContinuation(second)
            && isContinuation(bytes, at + 2, to)
            && isContinuation(bytes, at + 3, to)
        ? 4
        : 0;
  }

  private static boolean isContinuation(byte[] bytes, int at, int to) {
    return at < to && isContinuation(bytes[at] & 0xFF);
  }

  private static boolean isContinuation(int b) {
    return (b & 0xC0) == 0x80;
  }
}
