package dev.pushgateway.scrape;

/**
 * The CRC-32 of two byte strings in a row, from the CRC-32 of each: arithmetic with polynomials
 * over GF(2), modulo that of CRC-32, bits reversed as gzip has them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952#section-8">RFC 1952, section 8</a>
 */
final class Crc32Combination {
  private static final int POLYNOMIAL = 0xEDB88320;
  private static final int ONE = 1 << 31;

  /** At {@code i}, the polynomial x to the power of 8·2ⁱ. */
  private static final int[] POWERS = new int[31];

  static {
    int power = ONE >>> 8; // x⁸
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = power;
      power = multiply(power, power);
    }
  }

  private Crc32Combination() {}

  /** By what the CRC of a string is multiplied when so many bytes come behind it. */
  static int shift(int length) {
    int shift = ONE;
    for (int i = 0; length >>> i != 0; i++) {
      if ((length >>> i & 1) != 0) {
        shift = multiply(shift, POWERS[i]);
      }
    }
    return shift;
  }

  /** Combines two CRCs, given the {@link #shift} of the second string. */
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
