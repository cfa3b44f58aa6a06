package dev.pushgateway.bytes;

/** Powers of ten and the parts of a double, for reading and writing numbers. */
final class PowersOfTen {
  static final int FRACTION_BITS = 52;
  static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;

  /** The exponent field of a double whose mantissa counts ones. */
  static final int EXPONENT_OF_ONES = 1075;

  /** The powers of ten that a double holds exactly. */
  static final double[] EXACT = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  /** The powers of ten that a long holds. */
  static final long[] WHOLE = new long[19];

  static {
    long power = 1;
    for (int i = 0; i < WHOLE.length; i++) {
      WHOLE[i] = power;
      power *= 10;
    }
  }

  private PowersOfTen() {}
}
