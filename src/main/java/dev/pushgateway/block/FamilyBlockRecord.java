package dev.pushgateway.block;

import dev.pushgateway.bytes.SeriesHash;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import java.nio.charset.StandardCharsets;

/**
 * A {@link FamilyBlock} as bytes to keep in a file: written and read without parsing numbers, so
 * that a restart costs little more than reading the file.
 *
 * <pre>
 *   name     [length][UTF-8]
 *   type     one byte, the number in the protobuf schema
 *   help     [0] or [1 + length][UTF-8]        unit and problem likewise
 *   size     how many metrics
 *   text     [length][sample lines]
 *   rich     0 or 1; all that follows only if 1
 *   protobuf    [length][delimited Metric messages]
 *   metrics  size times [count of labels][length of its lines in text]
 * </pre>
 *
 * <p>Lengths and counts are varints as in protobuf. Starts, label counts and hashes are found again
 * by one scan of the text; hashes must be, as they differ from process to process. A metric of a
 * plain family is one line. The lines of a rich one are kept, too, although the protobuf has all
 * they say: deriving them would format every number again.
 */
public final class FamilyBlockRecord {
  /** A type, four lengths of ten bytes at most each, and so on; more than there ever is. */
  private static final int MAX_FIXED_LENGTH = 96;

  private static final int MAX_VARINT_LENGTH = 5;

  private static final MetricType[] TYPES = MetricType.values();

  private final byte[] bytes;
  private final int to;
  private int at;

  private FamilyBlockRecord(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  /** An upper limit of the bytes that a block takes. */
  public static long maxLength(FamilyBlock block) {
    long strings =
        3L
            * (block.name().length()
                + (long) length(block.help())
                + length(block.unit())
                + length(block.problem()));
    long perMetric = block.hasProtobuf() ? 2L * MAX_VARINT_LENGTH * block.size() : 0;
    return MAX_FIXED_LENGTH + strings + block.encodedLength() + perMetric;
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  /** How many bytes a block takes. */
  public static long length(FamilyBlock block) {
    long length =
        block.recordHeaderLength()
            + varintLength(block.size())
            + withLength(block.text().length)
            + 1;
    if (!block.hasProtobuf()) {
      return length;
    }
    length += withLength(block.protobuf().length);
    for (int i = 0; i < block.size(); i++) {
      length += varintLength(block.labelCount(i));
      length += varintLength(block.textStart(i + 1) - block.textStart(i));
    }
    return length;
  }

  /** How many bytes name, type, help, unit and problem of a block take. */
  static int headerLength(FamilyBlock block) {
    return Math.toIntExact(
        withLength(Utf8.length(block.name()))
            + 1
            + optionalLength(block.help())
            + optionalLength(block.unit())
            + optionalLength(block.problem()));
  }

  private static long optionalLength(String text) {
    if (text == null) {
      return 1;
    }
    long length = Utf8.length(text);
    return varintLength(length + 1) + length;
  }

  private static long withLength(long length) {
    return varintLength(length) + length;
  }

  private static int varintLength(long value) {
    return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  /**
   * Writes a block.
   *
   * @param out has room for {@link #maxLength} bytes at {@code at}
   * @return where the block ends
   */
  public static int write(FamilyBlock block, byte[] out, int at) {
    byte[] name = block.name().getBytes(StandardCharsets.UTF_8);
    int end = writeBytes(name, out, at);
    out[end++] = (byte) block.type().number();
    end = writeOptional(block.help(), out, end);
    end = writeOptional(block.unit(), out, end);
    end = writeOptional(block.problem(), out, end);
    end = writeVarint(block.size(), out, end);
    end = writeBytes(block.text(), out, end);
    out[end++] = (byte) (block.hasProtobuf() ? 1 : 0);
    if (!block.hasProtobuf()) {
      return end;
    }
    end = writeBytes(block.protobuf(), out, end);
    for (int i = 0; i < block.size(); i++) {
      end = writeVarint(block.labelCount(i), out, end);
      end = writeVarint(block.textStart(i + 1) - block.textStart(i), out, end);
    }
    return end;
  }

  private static int writeOptional(String text, byte[] out, int at) {
    if (text == null) {
      out[at] = 0;
      return at + 1;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int end = writeVarint(utf8.length + 1, out, at);
    System.arraycopy(utf8, 0, out, end, utf8.length);
    return end + utf8.length;
  }

  private static int writeBytes(byte[] content, byte[] out, int at) {
    int end = writeVarint(content.length, out, at);
    System.arraycopy(content, 0, out, end, content.length);
    return end + content.length;
  }

  private static int writeVarint(int value, byte[] out, int at) {
    int rest = value;
    int end = at;
    while ((rest & ~0x7F) != 0) {
      out[end++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out[end++] = (byte) rest;
    return end;
  }

  /**
   * Reads a block that fills bytes {@code [from, to)} exactly.
   *
   * @throws ExpositionException if the bytes are not those of a block
   */
  public static FamilyBlock read(byte[] bytes, int from, int to) throws ExpositionException {
    return new FamilyBlockRecord(bytes, from, to).read();
  }

  private FamilyBlock read() throws ExpositionException {
    BlockFields fields = new BlockFields();
    byte[] name = readBytes();
    fields.name = new String(name, StandardCharsets.UTF_8);
    fields.type = readType();
    fields.help = readOptional();
    fields.unit = readOptional();
    fields.problem = readOptional();
    fields.size = readVarint();
    fields.text = readBytes();
    boolean rich = readFlag();
    fields.protobuf = rich ? readBytes() : null;
    if (fields.size > fields.text.length || fields.size == 0 && fields.text.length > 0) {
      throw malformed(fields.size + " metrics in " + fields.text.length + " bytes of text");
    }
    readMetrics(fields, SeriesHash.hash(name, 0, name.length, 0));
    if (at != to) {
      throw malformed((to - at) + " bytes too many");
    }
    return new FamilyBlock(fields);
  }

  private void readMetrics(BlockFields fields, long nameHash) throws ExpositionException {
    boolean rich = fields.protobuf != null;
    FamilyBlockScan scan = new FamilyBlockScan(fields.text, fields.size, nameHash);
    for (int i = 0; i < fields.size; i++) {
      if (rich) {
        int labelCount = readVarint();
        scan.richMetric(labelCount, readVarint());
      } else {
        scan.plainMetric();
      }
    }
    scan.finish(fields, Names.isLegacyMetricName(fields.name));
    if (rich) {
      int[] protobufStarts = FamilyBlockScan.protobufStarts(fields.protobuf, fields.size);
      fields.protobufStarts = fields.size > 1 ? protobufStarts : null;
    }
  }

  private MetricType readType() throws ExpositionException {
    int number = at < to ? bytes[at++] : -1;
    if (number < 0 || number >= TYPES.length) {
      throw malformed("no metric type has number " + number);
    }
    return TYPES[number];
  }

  private boolean readFlag() throws ExpositionException {
    int flag = at < to ? bytes[at++] : -1;
    if (flag != 0 && flag != 1) {
      throw malformed("expected 0 or 1, found " + flag);
    }
    return flag == 1;
  }

  private String readOptional() throws ExpositionException {
    int length = readVarint() - 1;
    if (length < 0) {
      return null;
    }
    checkLength(length);
    at += length;
    return new String(bytes, at - length, length, StandardCharsets.UTF_8);
  }

  private byte[] readBytes() throws ExpositionException {
    int length = readVarint();
    checkLength(length);
    byte[] content = new byte[length];
    System.arraycopy(bytes, at, content, 0, length);
    at += length;
    return content;
  }

  private void checkLength(int length) throws ExpositionException {
    if (length > to - at) {
      throw malformed("a length of " + length + " with " + (to - at) + " bytes left");
    }
  }

  private int readVarint() throws ExpositionException {
    int value = 0;
    for (int shift = 0; shift < 32 && at < to; shift += 7) {
      byte b = bytes[at++];
      value |= (b & 0x7F) << shift;
      if (b >= 0 && value >= 0) {
        return value;
      }
    }
    throw malformed("expected a number");
  }

  private ExpositionException malformed(String found) {
    return new ExpositionException("family record, byte " + at + ": " + found);
  }
}
