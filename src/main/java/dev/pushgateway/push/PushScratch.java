package dev.pushgateway.push;

import dev.pushgateway.parse.ExpositionParser;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * What it takes to read one push: room for the body, and the parsers. Belongs to one thread at a
 * time; costly enough to be used again.
 */
final class PushScratch {
  private static final int INITIAL_BYTES = 8 << 10;

  /**
   * One that has grown beyond this is thrown away after use. It has room for 15,000 series, which
   * are just over 1 MB; growing anew for each of them took a twelfth of the time (2026-11-29). In a
   * small heap it is less: G1 moves no array of half a region or more, and those that stay split
   * the room for large bodies.
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

  /** Returns the parser of a format, which is made when it is first needed. */
  ExpositionParser parser(PushFormat format) {
    return parsers.computeIfAbsent(format, needed -> needed.newParser(utf8Names));
  }

  /**
   * The length of the array that a body of more than {@code length} bytes grows into. It does not
   * depend on what the array was used for before, so that each push of a body takes as much memory.
   *
   * @param limit no longer than that
   * @param expected how long the body will be, if that is known; else negative
   */
  static int arrayLength(long length, long limit, long expected) {
    long longer = Math.max(INITIAL_BYTES, Long.highestOneBit(length) * 2);
    boolean isLast = expected > length && expected < longer;
    return (int) Math.min(limit, isLast ? expected : longer);
  }

  /** Makes room for more bytes. */
  void grow(int newLength) {
    bytes = Arrays.copyOf(bytes, newLength);
  }

  /**
   * Those not in use. Not bound to threads: they may be many, and outlive a web application. The
   * last one given back is the next to be taken, so that only as many grow as are in use at a time.
   */
  static final class Pool {
    /** Two for each processor, but no more than a sixteenth of the heap has room for. */
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
        idle.offerLast(scratch); // If there are enough already, this one is garbage.
      }
    }
  }
}
