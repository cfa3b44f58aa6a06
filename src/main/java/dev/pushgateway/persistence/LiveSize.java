package dev.pushgateway.persistence;

import dev.pushgateway.store.MetricStore.Totals;

/**
 * Estimates the length of a file that holds only the stored data. The estimate is exact except for
 * some bytes per group, see {@link LogFormat} and {@code ChangeCodec}. The store counts the bytes
 * of names, values and families.
 */
final class LiveSize {
  /** The number of families in a group that are not written: the two push times. */
  private static final int OWN_FAMILIES = 2;

  /** The length of a family's field number, field length and time. */
  private static final long FAMILY_BYTES = 3 + Long.BYTES;

  /**
   * The length of a kind, the key's field number and length, and the lengths of two names and two
   * values.
   */
  private static final long SMALL_BYTES = 7;

  /** The length of a time as a field: number, length, content. */
  private static final long TIME_BYTES = 2 + Long.BYTES;

  private static final long GROUP_BYTES =
      LogFormat.RECORD_HEADER_LENGTH + 4 * TIME_BYTES + SMALL_BYTES;

  private LiveSize() {}

  static long estimate(Totals totals) {
    long groups = totals.groups();
    long families = totals.families() - OWN_FAMILIES * groups;
    return LogFormat.RECORDS_OFFSET
        + groups * GROUP_BYTES
        + families * FAMILY_BYTES
        + totals.bytes();
  }
}
