package dev.pushgateway.push;

import dev.pushgateway.parse.ExpositionParser;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * The buffer and the parsers for one push. Used by one thread at a time, and reused because
 * creating them is costly.
 */
final class PushScratch {
  private static final int INITIAL_BYTES = 8 << 10;

  /**
   * Larger buffers are not kept for reuse. This size has room for 15,000 series, just over 1 MB;
   * growing a new buffer for each such push took 1/12 of the time (2026-11-29).
   *
   * <p>A small heap has a smaller limit: G1 does not move arrays of half a region or more, and kept
   * ones divide the room for large bodies.
   */
  private static final int MAX_KEPT_BYTES =
      (int) Math.min(2 << 20, Runtime.getRuntime().maxMemory() >> 10);

  private final boolean utf8Names;
  private final Map<PushFormat, ExpositionParser> parsers = new EnumMap<>(PushFormat.class);

  /** The body is at {@code [0, length)}. */
  byte[] bytes = new byte[INITIAL_BYTES];

  int length;

  PushScratch(boolean utf8Names) {
    this.utf8Names = utf8Names;
  }

  /** Returns the parser of a format, which is created at its first use. */
  ExpositionParser parser(PushFormat format) {
    return parsers.computeIfAbsent(format, needed -> needed.newParser(utf8Names));
  }

  /**
   * Returns the length of the array that a body of more than {@code length} bytes grows into. The
   * length does not depend on earlier uses of the buffer, so that pushing a body always takes the
   * same memory.
   *
   * @param limit maximum length of the array
   * @param expected length of the body; negative if unknown
   */
  static int arrayLength(long length, long limit, long expected) {
    long longer = Math.max(INITIAL_BYTES, Long.highestOneBit(length) * 2);
    boolean isLast = expected > length && expected < longer;
    return (int) Math.min(limit, isLast ? expected : longer);
  }

  void grow(int newLength) {
    bytes = Arrays.copyOf(bytes, newLength);
  }

  /**
   * Keeps unused buffers. They are not bound to threads: there may be many threads, and they may
   * outlive a web application. The last returned buffer is used next, so that only as many grow as
   * are used at the same time.
   */
  static final class Pool {
    /** Limit of kept buffers: two per processor, and at most 1/16 of the heap. */
    private static final int MAX_KEPT =
        (int)
            Math.min(
                2 * Runtime.getRuntime().availableProcessors() + 2,
                2 + (Runtime.getRuntime().maxMemory() >> 27));

    private final LinkedBlockingDeque<PushScratch> idle = new LinkedBlockingDeque<>(MAX_KEPT);
    private final boolean utf8Names;

    Pool(boolean utf8Names) {
      this.utf8Names = utf8Names;
    }

    PushScratch take() {
      PushScratch scratch = idle.pollLast();
      return scratch == null ? new PushScratch(utf8Names) : scratch;
    }

    void giveBack(PushScratch scratch) {
      scratch.length = 0;
      if (scratch.bytes.length <= MAX_KEPT_BYTES) {
        idle.offerLast(scratch); // If enough are kept, this one becomes garbage.
      }
    }
  }
}
