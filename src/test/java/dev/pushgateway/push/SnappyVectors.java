package dev.pushgateway.push;

import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Pieces of framed Snappy, in hexadecimal. */
public final class SnappyVectors {
  static final String IDENTIFIER = "ff060000734e61507059";

  private SnappyVectors() {}

  /** A chunk with the right checksum for what comes out of it. */
  public static String chunk(int type, String data, byte[] out) {
    CRC32C crc = new CRC32C();
    crc.update(out, 0, out.length);
    int length = data.length() / 2 + 4;
    return HexFormat.of().toHexDigits((byte) type)
        + littleEndian(length).substring(0, 6)
        + masked((int) crc.getValue())
        + data;
  }

  static String masked(int crc) {
    return littleEndian(Integer.rotateRight(crc, 15) + 0xA282EAD8);
  }

  private static String littleEndian(int value) {
    return HexFormat.of().toHexDigits(Integer.reverseBytes(value));
  }
}
