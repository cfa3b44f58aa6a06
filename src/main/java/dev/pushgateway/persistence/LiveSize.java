package dev.pushgateway.persistence;

import dev.pushgateway.store.MetricStore.Totals;

/**
 * How long a file would be that holds nothing but what is stored now: exact but for some bytes per
 * group, see {@link LogFormat}. The store counts the bytes of names, values and families.
 */
final class LiveSize {
  /** Of the families of a group, the two push times are not written. */
  private static final int OWN_FAMILIES = 2;

  /** Time and length. */
  private static final long FAMILY_BYTES = Long.BYTES + Integer.BYTES;

  /** Kind, counts of labels and families, and the lengths of two names and two values. */
  private static final long SMALL_BYTES = 7;

  private static final long GROUP_BYTES =
      LogFormat.RECORD_HEADER_LENGTH + 4 * Long.BYTES + SMALL_BYTES;

  private LiveSize() {}

  static long estimate(Totals totals) {
    long groups = totals.groups();
    long families = totals.families() - OWN_FAMILIES * groups;
    return LogFormat.HEADERS_LENGTH
        + groups * GROUP_BYTES
        + families * FAMILY_BYTES
        + totals.bytes();
  }
}
