package dev.pushgateway.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Wraps a bare private key in PKCS#8, which the JDK requires:
 *
 * <pre>
 *   PKCS#8        SEQUENCE { INTEGER 0, algorithm, OCTET STRING { bare key } }      RFC 5208
 *   public key    SEQUENCE { algorithm, BIT STRING }                                RFC 5280
 * </pre>
 *
 * <p>The algorithm with its curve is copied from the public key.
 */
final class Pkcs8 {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private Pkcs8() {}

  static byte[] wrap(byte[] bareKey, byte[] publicKey) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(VERSION_0);
    content.writeBytes(firstElement(contentOf(publicKey)));
    writeElement(content, OCTET_STRING, bareKey);
    ByteArrayOutputStream envelope = new ByteArrayOutputStream();
    writeElement(envelope, SEQUENCE, content.toByteArray());
    return envelope.toByteArray();
  }

  /** Writes an element. The content must have less than 64 KB, as bare keys have. */
  private static void writeElement(ByteArrayOutputStream out, int tag, byte[] content) {
    out.write(tag);
    int length = content.length;
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) { // DER requires the shortest form.
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content);
  }

  private static byte[] contentOf(byte[] element) {
    return Arrays.copyOfRange(element, headerLength(element), element.length);
  }

  private static byte[] firstElement(byte[] elements) {
    return Arrays.copyOf(elements, headerLength(elements) + contentLength(elements));
  }

  private static int headerLength(byte[] element) {
    int first = element[1] & 0xFF;
    return first < 0x80 ? 2 : 2 + (first & 0x7F);
  }

  private static int contentLength(byte[] element) {
    int header = headerLength(element);
    byte[] length = Arrays.copyOfRange(element, header == 2 ? 1 : 2, header);
    return new BigInteger(1, length).intValueExact();
  }
}
