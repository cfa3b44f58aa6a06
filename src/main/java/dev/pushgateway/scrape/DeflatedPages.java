package dev.pushgateway.scrape;

import dev.pushgateway.bytes.ByteArray;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A stretch of a scrape, compressed by itself so that it can be kept, and joined with others into
 * one gzip stream.
 *
 * <p>Raw deflate, ended by a full flush: at a byte boundary, and without a reference to what came
 * before. Immutable.
 *
 * @param members pages, which are equal to themselves only, and what headers say
 * @param crc of the plain bytes
 * @param crcShift what the plain bytes do to the CRC of those before them
 * @param plainLength how many plain bytes there are
 */
record DeflatedPages(
    List<Object> members, byte[] deflated, int crc, int crcShift, int plainLength) {

  /**
   * Compresses a stretch.
   *
   * @param deflater raw, as it was left by the last call
   * @param plain what the members are in the format
   * @param scratch overwritten
   */
  static DeflatedPages compress(
      List<Object> members, ByteArray plain, Deflater deflater, ByteArray scratch) {
    deflater.reset();
    deflater.setInput(plain.bytes, 0, plain.length);
    scratch.length = 0;
    int written;
    do {
      scratch.reserve(Math.max(1 << 12, plain.length / 4));
      int room = scratch.bytes.length - scratch.length;
      written = deflater.deflate(scratch.bytes, scratch.length, room, Deflater.FULL_FLUSH);
      scratch.length += written;
    } while (scratch.length == scratch.bytes.length);
    CRC32 crc = new CRC32();
    crc.update(plain.bytes, 0, plain.length);
    return new DeflatedPages(
        List.copyOf(members),
        scratch.toArray(),
        (int) crc.getValue(),
        Crc32Combination.shift(plain.length),
        plain.length);
  }

  /** The CRC of everything up to the end of this stretch, given that of everything before it. */
  int crcAfter(int crcBefore) {
    return Crc32Combination.combine(crcBefore, crcShift, crc);
  }
}
