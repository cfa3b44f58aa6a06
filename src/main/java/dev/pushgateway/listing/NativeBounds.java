package dev.pushgateway.listing;

/**
 * Bounds of the exponential buckets of native histograms, with exactly the bits of Prometheus's
 * bounds.
 *
 * <p>Schema {@code n} divides each power of two into {@code 2ⁿ} buckets; bucket {@code i} ends at
 * {@code 2^(i / 2ⁿ)}. Below zero, {@code 2⁻ⁿ} powers of two share a bucket.
 *
 * @see <a href="https://prometheus.io/docs/specs/native_histograms/">Native histograms</a>
 */
final class NativeBounds {
  /** The finest schema. */
  private static final int MAX_SCHEMA = 8;

  /** The schema of custom bounds, for which the protobuf message has no field. */
  private static final int CUSTOM_SCHEMA = -53;

  /** The exponent from which on a bound is infinite. */
  private static final int OVERFLOW_EXPONENT = 1024;

  /**
   * One digit per bound: 1 plus the units in the last place by which Prometheus's table is below
   * the powers of two of fdlibm. All servers and clients of Prometheus use this table, rounding
   * errors included.
   */
  private static final String CORRECTIONS =
      "1111112111211111112311222222222211211121122211221122112211221222"
          + "1111112222332122112111211121111111221011213311221121112122321222"
          + "1122213322321232212222322333224421211121223321322233223222332232"
          + "3243223233433333333333444455435422323333324422333243223333543344";

  /** {@code 2^(i/256 - 1)}: the bounds of the finest schema from 0.5 up to 1. */
  private static final double[] FRACTIONS = fractions();

  private NativeBounds() {}

  private static double[] fractions() {
    double[] fractions = new double[1 << MAX_SCHEMA];
    for (int i = 0; i < fractions.length; i++) {
      long bits = Double.doubleToRawLongBits(StrictMath.pow(2, (double) i / fractions.length - 1));
      fractions[i] = Double.longBitsToDouble(bits - (CORRECTIONS.charAt(i) - '1'));
    }
    return fractions;
  }

  static boolean isKnown(int schema) {
    return schema <= MAX_SCHEMA && schema != CUSTOM_SCHEMA;
  }

  /** Returns the upper bound of a bucket. For negative buckets, change its sign. */
  static double upperBound(int index, int schema) {
    double fraction = 0.5;
    long exponent;
    if (schema < 0) {
      // Java uses the lowest six bits of a shift distance, Go uses all of them.
      exponent = (schema <= -Long.SIZE ? 0 : (long) index << -schema) + 1;
    } else {
      fraction = FRACTIONS[(index & (1 << schema) - 1) << MAX_SCHEMA - schema];
      exponent = ((long) index >> schema) + 1;
    }
    if (fraction == 0.5 && exponent == OVERFLOW_EXPONENT + 1) {
      return Double.MAX_VALUE; // The next bucket contains only infinity.
    }
    return Math.scalb(fraction, (int) Math.max(-3000, Math.min(3000, exponent)));
  }
}
