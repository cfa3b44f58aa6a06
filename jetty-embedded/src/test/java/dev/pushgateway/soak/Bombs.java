package dev.pushgateway.soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/** Small bodies that become large ones. */
final class Bombs {
  private static final int PIECE_BYTES = 64 << 10;

  private Bombs() {}

  /** So many MiB of line feeds, a thousandth of that as it is sent. */
  static byte[] gzip(int mebibytes) throws IOException {
    byte[] piece = new byte[1 << 20];
    java.util.Arrays.fill(piece, (byte) '\n');
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      for (int i = 0; i < mebibytes; i++) {
        gzip.write(piece);
      }
    }
    return out.toByteArray();
  }

  /**
   * So many MiB of line feeds as a framed stream: chunks of one literal byte and copies of it.
   *
   * @see <a href="https://github.com/google/snappy/blob/main/framing_format.txt">Framing format</a>
   */
  static byte[] snappy(int mebibytes) {
    byte[] piece = new byte[PIECE_BYTES];
    java.util.Arrays.fill(piece, (byte) '\n');
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(new byte[] {(byte) 0x80, (byte) 0x80, 4, 0, '\n'});
    for (int left = PIECE_BYTES - 1; left > 0; left -= 64) {
      block.write((Math.min(64, left) - 1) << 2 | 2);
      block.writeBytes(new byte[] {1, 0});
    }
    CRC32C crc = new CRC32C();
    crc.update(piece);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(new byte[] {(byte) 0xFF, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'});
    for (int i = 0; i < mebibytes * 16; i++) {
      writeLittleEndian(stream, block.size() + 4 << 8, 4); // Type 0 and the length.
      writeLittleEndian(stream, masked, 4);
      stream.writeBytes(block.toByteArray());
    }
    return stream.toByteArray();
  }

  private static void writeLittleEndian(ByteArrayOutputStream out, int value, int count) {
    for (int i = 0; i < count; i++) {
      out.write(value >>> 8 * i);
    }
  }
}
