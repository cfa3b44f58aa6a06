package dev.pushgateway.persistence;

import dev.pushgateway.store.MetricStore.Totals;

/**
 * How long a file would be that holds nothing but what is stored now.
 *
 * <p>Keeping the exact number would take the length of each stored family. The store counts the
 * bytes of its blocks anyway; what names, help texts and keys add to them is known from the last
 * rewrite.
 */
final class LiveSize {
  /** Before the first rewrite; a guess. */
  private static final double DEFAULT_OVERHEAD_BYTES = 40;

  private double overheadBytes = DEFAULT_OVERHEAD_BYTES;

  /** Learns that this much was written for this much. */
  synchronized void calibrate(Totals totals, long length) {
    long items = items(totals);
    if (items > 0) {
      overheadBytes = (double) (length - LogFormat.HEADERS_LENGTH - totals.bytes()) / items;
    }
  }

  synchronized long estimate(Totals totals) {
    double overhead = overheadBytes * items(totals);
    return LogFormat.HEADERS_LENGTH + Math.max(0, totals.bytes() + (long) overhead);
  }

  private static long items(Totals totals) {
    return totals.groups() + totals.families();
  }
}
