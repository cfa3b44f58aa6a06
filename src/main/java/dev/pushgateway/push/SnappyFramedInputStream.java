package dev.pushgateway.push;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Decompresses the framing format of Snappy. Written by hand because no library refuses all
 * malformed input within bounded memory (tried with the tests of this class, 2026-11-30):
 *
 * <ul>
 *   <li>commons-compress 1.28 accepts a body that was cut within an uncompressed chunk. It adds 2.8
 *       MB with its dependencies; the WAR has 2.1 MB.
 *   <li>aircompressor 2.0 and iq80-snappy 0.5 allocate the length that a block claims: 128 MB for a
 *       body of 23 bytes. They throw unchecked exceptions at a corrupt block, use {@code
 *       sun.misc.Unsafe}, and are no OSGi bundles. Later versions of aircompressor need Java 22.
 *   <li>snappy-java 1.1 does so, too, has 2.4 MB, and unpacks native code at run time.
 * </ul>
 *
 * <pre>
 *   stream  chunk …                      the first is a stream identifier
 *   chunk   [type 1][length 3, little-endian][data]
 *     0xff  stream identifier            "sNaPpY"
 *     0x00  compressed                   [masked CRC-32C of decompressed bytes 4][block]
 *     0x01  not compressed               [masked CRC-32C 4][bytes]
 *     0x02–0x7f reserved, refused;  0x80–0xfe padding and reserved, skipped
 *   block   [length when decompressed, varint] element …
 *   element [tag 1] …                    a literal, or a copy of earlier output
 * </pre>
 *
 * <p>Not thread-safe. Uses 140 KiB of memory for any input: a chunk has at most 64 KiB when
 * decompressed.
 *
 * @see <a href="https://github.com/google/snappy/blob/main/framing_format.txt">Framing format</a>
 * @see <a href="https://github.com/google/snappy/blob/main/format_description.txt">Block format</a>
 */
final class SnappyFramedInputStream extends InputStream {
  private static final int COMPRESSED = 0x00;
  private static final int UNCOMPRESSED = 0x01;
  private static final int LAST_UNSKIPPABLE = 0x7F;
  private static final int STREAM_IDENTIFIER = 0xFF;
  private static final byte[] IDENTIFIER = {'s', 'N', 'a', 'P', 'p', 'Y'};
  private static final int CHECKSUM_LENGTH = 4;

  /** Maximum length of a decompressed chunk. */
  private static final int MAX_LENGTH = 1 << 16;

  /** Maximum length of a chunk's data: the block format adds at most 1/6 to any input. */
  private static final int MAX_CHUNK_LENGTH = CHECKSUM_LENGTH + 32 + MAX_LENGTH + MAX_LENGTH / 6;

  private final InputStream in;
  private final byte[] chunk = new byte[MAX_CHUNK_LENGTH];
  private final byte[] out = new byte[MAX_LENGTH];
  private int outAt;
  private int outEnd;
  private boolean identified;

  SnappyFramedInputStream(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    return fill() ? out[outAt++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, outEnd - outAt);
    System.arraycopy(out, outAt, target, offset, count);
    outAt += count;
    return count;
  }

  /** Fills the output buffer if it is empty. Returns false at the end of the stream. */
  private boolean fill() throws IOException {
    while (outAt == outEnd) {
      int type = in.read();
      if (type < 0) {
        return false;
      }
      readChunk(type);
    }
    return true;
  }

  private void readChunk(int type) throws IOException {
    int length = readFully(3) & 0xFFFFFF;
    if (!identified && type != STREAM_IDENTIFIER) {
      throw new IOException("it does not start with a stream identifier");
    }
    if (type == STREAM_IDENTIFIER) {
      readIdentifier(length);
    } else if (type == COMPRESSED || type == UNCOMPRESSED) {
      readData(type, length);
    } else if (type <= LAST_UNSKIPPABLE) {
      throw new IOException("a chunk of the reserved type " + type);
    } else {
      in.skipNBytes(length);
    }
  }

  private void readIdentifier(int length) throws IOException {
    if (length != IDENTIFIER.length || !Arrays.equals(in.readNBytes(length), IDENTIFIER)) {
      throw new IOException("a stream identifier other than \"sNaPpY\"");
    }
    identified = true;
  }

  private void readData(int type, int length) throws IOException {
    if (length < CHECKSUM_LENGTH || length > MAX_CHUNK_LENGTH) {
      throw new IOException("a chunk of " + length + " bytes");
    }
    int checksum = readFully(CHECKSUM_LENGTH);
    int count = length - CHECKSUM_LENGTH;
    if (in.readNBytes(chunk, 0, count) < count) {
      throw new EOFException("it ends within a chunk");
    }
    outAt = 0;
    outEnd = 0;
    int produced = type == COMPRESSED ? decompress(count) : copy(count);
    if (checksum != maskedChecksum(produced)) {
      throw new IOException("a chunk whose checksum is wrong");
    }
    outEnd = produced;
  }

  private int copy(int count) throws IOException {
    if (count > MAX_LENGTH) {
      throw new IOException("a chunk of more than 65536 bytes");
    }
    System.arraycopy(chunk, 0, out, 0, count);
    return count;
  }

  private int maskedChecksum(int length) {
    CRC32C crc = new CRC32C();
    crc.update(out, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
  }

  private int readFully(int count) throws IOException {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("it ends within a chunk");
      }
      value |= b << 8 * i;
    }
    return value;
  }

  /**
   * Decompresses the block at the start of {@link #chunk} into {@link #out}.
   *
   * @param end of the block in {@link #chunk}
   * @return the number of decompressed bytes
   */
  private int decompress(int end) throws IOException {
    int at = 0;
    int length = 0;
    int shift = 0;
    int b;
    do {
      if (at == end || shift > 28) {
        throw corrupt();
      }
      b = chunk[at++];
      length |= (b & 0x7F) << shift;
      shift += 7;
    } while (b < 0);
    if (length < 0 || length > MAX_LENGTH) {
      throw corrupt();
    }
    int produced = 0;
    while (at < end) {
      int tag = chunk[at++] & 0xFF;
      int extra = (tag & 3) == 0 ? literalExtra(tag) : copyExtra(tag);
      if (end - at < extra) {
        throw corrupt();
      }
      int argument = littleEndian(at, extra);
      at += extra;
      int count = countOf(tag, argument);
      if (count < 1 || count > length - produced) {
        throw corrupt();
      }
      if ((tag & 3) == 0) {
        if (count > end - at) {
          throw corrupt();
        }
        System.arraycopy(chunk, at, out, produced, count);
        at += count;
      } else {
        copyBack(offsetOf(tag, argument), count, produced);
      }
      produced += count;
    }
    if (produced != length) {
      throw corrupt();
    }
    return produced;
  }

  /** Returns the number of length bytes after the tag of a literal. */
  private static int literalExtra(int tag) {
    return Math.max(0, (tag >>> 2) - 59);
  }

  /** Returns the number of offset bytes after the tag of a copy. */
  private static int copyExtra(int tag) {
    return (tag & 3) == 3 ? 4 : tag & 3;
  }

  private static int countOf(int tag, int argument) {
    return switch (tag & 3) {
      case 0 -> literalExtra(tag) == 0 ? (tag >>> 2) + 1 : argument + 1;
      case 1 -> (tag >>> 2 & 7) + 4;
      default -> (tag >>> 2) + 1;
    };
  }

  private static int offsetOf(int tag, int argument) {
    return (tag & 3) == 1 ? (tag & 0xE0) << 3 | argument : argument;
  }

  private int littleEndian(int at, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (chunk[at + i] & 0xFF) << 8 * i;
    }
    return value;
  }

  /**
   * Copies earlier output byte by byte: source and target may overlap, which repeats the source.
   */
  private void copyBack(int offset, int count, int to) throws IOException {
    if (offset <= 0 || offset > to) {
      throw corrupt();
    }
    for (int i = to; i < to + count; i++) {
      out[i] = out[i - offset];
    }
  }

  private static IOException corrupt() {
    return new IOException("a block that is corrupt");
  }
}
