package dev.pushgateway.logging;

import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Limits log lines: {@code maxLines} at once, and {@code linesPerSecond} after that. While no
 * process reads the log, writing blocks, and at most {@value #MAX_WRITERS} threads write at a time.
 *
 * <p>Thread-safe.
 */
final class LineLimit {
  private static final int MAX_WRITERS = 16;
  private static final double NANOS_PER_SECOND = 1e9;

  private final LongSupplier nanoTime;
  private final int maxLines;
  private final int linesPerSecond;
  private final Semaphore writers = new Semaphore(MAX_WRITERS);
  private double lines;
  private long sinceNanos;
  private long omitted;

  LineLimit(LongSupplier nanoTime, int maxLines, int linesPerSecond) {
    this.nanoTime = nanoTime;
    this.maxLines = maxLines;
    this.linesPerSecond = linesPerSecond;
    this.lines = maxLines;
    this.sinceNanos = nanoTime.getAsLong();
  }

  /**
   * Writes a line, unless the limit is reached.
   *
   * @param line receives the number of lines that were omitted since the last line
   */
  void write(LongConsumer line) {
    if (!writers.tryAcquire()) {
      omit();
      return;
    }
    try {
      long omittedBefore = admit();
      if (omittedBefore >= 0) {
        line.accept(omittedBefore);
      }
    } finally {
      writers.release();
    }
  }

  private synchronized void omit() {
    omitted++;
  }

  /** Returns how many lines were omitted since the last line; -1 if this line is omitted, too. */
  private synchronized long admit() {
    long now = nanoTime.getAsLong();
    double earned = (now - sinceNanos) / NANOS_PER_SECOND * linesPerSecond;
    lines = Math.min(maxLines, lines + earned);
    sinceNanos = now;
    if (lines < 1) {
      omitted++;
      return -1;
    }
    lines--;
    long omittedBefore = omitted;
    omitted = 0;
    return omittedBefore;
  }
}
