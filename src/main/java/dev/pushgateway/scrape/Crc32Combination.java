package dev.pushgateway.scrape;

/**
 * Computes the CRC-32 of two joined byte strings from the CRC-32 of each. This is arithmetic with
 * polynomials over GF(2), modulo the polynomial of CRC-32. Bits are reversed, as in gzip.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952#section-8">RFC 1952, section 8</a>
 */
final class Crc32Combination {
  private static final int POLYNOMIAL = 0xEDB88320;
  private static final int ONE = 1 << 31;

  /** The polynomials x to the power of 8·2ⁱ, by i. */
  private static final int[] POWERS = new int[31];

  static {
    int power = ONE >>> 8; // x⁸
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power = multiply(power, power);
    }
  }

  private Crc32Combination() {}

  /** Returns the factor for the CRC of a string that is followed by {@code length} bytes. */
  static int shift(int length) {
    int shift = ONE;
    for (int i = 0; length >>> i != 0; i++) {
      if ((length >>> i & 1) != 0) {
        shift = multiply(shift, POWERS[i]);
      }
    }
    return shift;
  }

  /**
   * Combines two CRCs.
   *
   * @param secondShift the {@link #shift} for the length of the second string
   */
  static int combine(int firstCrc, int secondShift, int secondCrc) {
    return multiply(firstCrc, secondShift) ^ secondCrc;
  }

  private static int multiply(int a, int b) {
    int product = 0;
    int factor = b;
    for (int bit = 31; bit >= 0; bit--) {
      product ^= factor & -(a >>> bit & 1);
      factor = factor >>> 1 ^ POLYNOMIAL & -(factor & 1);
    }
    return product;
  }
}
