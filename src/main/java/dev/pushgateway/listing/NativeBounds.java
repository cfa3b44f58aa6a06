package dev.pushgateway.listing;

/**
 * The bounds between the exponential buckets of native histograms, to the last bit as Prometheus
 * has them.
 *
 * <p>Schema {@code n} divides each power of two into {@code 2ⁿ} buckets; bucket {@code i} ends at
 * {@code 2^(i / 2ⁿ)}. Below zero, {@code 2⁻ⁿ} powers of two share a bucket.
 *
 * @see <a href="https://prometheus.io/docs/specs/native_histograms/">Native histograms</a>
 */
final class NativeBounds {
  /** Finest schema that has a table of bounds. */
  private static final int MAX_SCHEMA = 8;

  /** Stands for bounds chosen by hand, which the protobuf schema has no field for. */
  private static final int CUSTOM_SCHEMA = -53;

  /** Bounds at and past it are infinite, as a power of two. */
  private static final int OVERFLOW_EXPONENT = 1024;

  /**
   * By how many units in the last place Prometheus' table is below the powers of two that fdlibm
   * computes, plus one. The table is what all its servers and clients agree on, rounding errors
   * included.
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

  /** Where the bucket of an index ends; for negative buckets with the sign changed. */
  static double upperBound(int index, int schema) {
    double fraction = 0.5;
    long exponent;
    if (schema < 0) {
      // Java takes the lowest six bits of a shift distance, Go takes it all.
      exponent = (schema <= -Long.SIZE ? 0 : (long) index << -schema) + 1;
    } else {
      fraction = FRACTIONS[(index & (1 << schema) - 1) << MAX_SCHEMA - schema];
      exponent = ((long) index >> schema) + 1;
    }
    if (fraction == 0.5 && exponent == OVERFLOW_EXPONENT + 1) {
      return Double.MAX_VALUE; // The bucket after this one is for infinity alone.
    }
    return Math.scalb(fraction, (int) Math.max(-3000, Math.min(3000, exponent)));
  }
}
