package dev.pushgateway.persistence;

import dev.pushgateway.store.MetricStore.Totals;

/**
 * How long a file would be that holds nothing but what is stored now: exact but for some bytes per
 * group, see {@link LogFormat} and {@code ChangeCodec}. The store counts the bytes of names, values
 * and families.
 */
final class LiveSize {
  /** Of the families of a group, the two push times are not written. */
  private static final int OWN_FAMILIES = 2;

  /** Number and length of the field, and time. */
  private static final long FAMILY_BYTES = 3 + Long.BYTES;

  /** Kind, number and length of the key, and the lengths of two names and two values. */
  private static final long SMALL_BYTES = 7;

  /** A time is a field: number, length, content. */
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
