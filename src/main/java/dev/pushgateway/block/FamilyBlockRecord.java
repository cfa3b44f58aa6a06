package dev.pushgateway.block;

import dev.pushgateway.bytes.BytesReader;
import dev.pushgateway.bytes.BytesWriter;
import dev.pushgateway.bytes.MalformedBytesException;
import dev.pushgateway.bytes.SeriesHash;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.bytes.Varint;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a {@link FamilyBlock} as bytes for a file, and reads it. Numbers are not parsed, so a
 * restart takes little longer than reading the file.
 *
 * <pre>
 *   family   [field]…      as BytesWriter draws it; unknown fields are skipped
 *
 *   1 name      UTF-8
 *   2 type      one byte: 1 counter, 2 gauge, 3 summary, 4 untyped, 5 histogram, 6 gauge histogram;
 *               7 to 9 are reserved for info, stateset and unknown
 *   3 help      UTF-8; no field if there is none; unit and problem likewise
 *   4 unit      UTF-8
 *   5 problem   UTF-8
 *   6 size      varint: how many metrics
 *   7 text      sample lines
 *   8 protobuf  delimited Metric messages; this field and the next one only if the block has them
 *   9 metrics   size times [count of labels, varint][length of its lines in text, varint]
 *   10          reserved for the created time of each metric
 * </pre>
 *
 * <p>An unknown type is refused with an exception of its own. Only a newer gateway can have written
 * it, and dropping the family would lose pushed metrics.
 *
 * <p>One scan of the text finds starts, label counts and hashes again. Hashes are not kept because
 * they differ from process to process. Without messages, a metric is one line. With messages, the
 * lines are kept as well, because deriving them would format every number again.
 */
public final class FamilyBlockRecord {
  private static final int NAME = 1;
  private static final int TYPE = 2;
  private static final int HELP = 3;
  private static final int UNIT = 4;
  private static final int PROBLEM = 5;
  private static final int SIZE = 6;
  private static final int TEXT = 7;
  private static final int PROTOBUF = 8;
  private static final int METRICS = 9;

  /** The types by number; the first one has number 1. */
  private static final List<MetricType> TYPES =
      List.of(
          MetricType.COUNTER,
          MetricType.GAUGE,
          MetricType.SUMMARY,
          MetricType.UNTYPED,
          MetricType.HISTOGRAM,
          MetricType.GAUGE_HISTOGRAM);

  /** The length of a field number and of a type, in bytes. */
  private static final int NUMBER_LENGTH = 1;

  private FamilyBlockRecord() {}

  /** Returns the number of bytes that a block takes. */
  public static long length(FamilyBlock block) {
    long length =
        field(Utf8.length(block.name()))
            + field(1)
            + optional(block.help())
            + optional(block.unit())
            + optional(block.problem())
            + field(Varint.length(block.size()))
            + field(block.text().length);
    return block.hasProtobuf()
        ? length + field(block.protobuf().length) + field(metricsLength(block))
        : length;
  }

  private static long field(long contentLength) {
    return NUMBER_LENGTH + BytesWriter.partLength(contentLength);
  }

  private static long optional(String text) {
    return text == null ? 0 : field(Utf8.length(text));
  }

  private static long metricsLength(FamilyBlock block) {
    long length = 0;
    for (int i = 0; i < block.size(); i++) {
      length += Varint.length(block.labelCount(i));
      length += Varint.length(block.textStart(i + 1) - block.textStart(i));
    }
    return length;
  }

  /**
   * Writes a block.
   *
   * @param out has room for {@link #length} bytes at {@code at}
   * @return the offset behind the block
   */
  public static int write(FamilyBlock block, byte[] out, int at) {
    BytesWriter writer = new BytesWriter(out, at);
    writeText(writer, NAME, block.name());
    writer.writeFieldStart(TYPE, 1);
    writer.writeByte(TYPES.indexOf(block.type()) + 1);
    writeText(writer, HELP, block.help());
    writeText(writer, UNIT, block.unit());
    writeText(writer, PROBLEM, block.problem());
    writer.writeFieldStart(SIZE, Varint.length(block.size()));
    writer.writeVarint(block.size());
    writer.writeVarint(TEXT);
    writer.writePart(block.text());
    if (block.hasProtobuf()) {
      writer.writeVarint(PROTOBUF);
      writer.writePart(block.protobuf());
      writer.writeFieldStart(METRICS, metricsLength(block));
      for (int i = 0; i < block.size(); i++) {
        writer.writeVarint(block.labelCount(i));
        writer.writeVarint(block.textStart(i + 1) - block.textStart(i));
      }
    }
    return writer.end();
  }

  private static void writeText(BytesWriter writer, int number, String text) {
    if (text != null) {
      writer.writeVarint(number);
      writer.writeText(text);
    }
  }

  private static MetricType type(int number) throws UnknownTypeException {
    if (number < 1 || number > TYPES.size()) {
      throw new UnknownTypeException(number);
    }
    return TYPES.get(number - 1);
  }

  /**
   * Reads a block that fills bytes {@code [from, to)} exactly.
   *
   * @throws MalformedBytesException if the bytes are not those of a block
   * @throws UnknownTypeException if a newer gateway has written the block
   */
  public static FamilyBlock read(byte[] bytes, int from, int to)
      throws MalformedBytesException, UnknownTypeException {
    BytesReader reader = new BytesReader(bytes, from, to);
    BlockFields fields = new BlockFields();
    BytesReader metrics = readFields(reader, fields);
    if (fields.name == null || fields.type == null || fields.text == null) {
      throw reader.malformed("expected the name, type and text of a family");
    }
    if ((fields.protobuf == null) != (metrics == null)) {
      throw reader.malformed("expected both messages and metrics, or none of them");
    }
    if (fields.size > fields.text.length || fields.size == 0 && fields.text.length > 0) {
      throw reader.malformed(fields.size + " metrics in " + fields.text.length + " bytes of text");
    }
    readMetrics(fields, metrics);
    return new FamilyBlock(fields);
  }

  /**
   * Reads all fields.
   *
   * @return the field of the metrics; {@code null} if there is none
   */
  private static BytesReader readFields(BytesReader reader, BlockFields fields)
      throws MalformedBytesException, UnknownTypeException {
    BytesReader metrics = null;
    while (reader.hasNext()) {
      int number = reader.readVarint();
      BytesReader field = reader.readPart();
      switch (number) {
        case NAME -> fields.name = field.rest();
        case TYPE -> fields.type = type(field.readByte());
        case HELP -> fields.help = field.rest();
        case UNIT -> fields.unit = field.rest();
        case PROBLEM -> fields.problem = field.rest();
        case SIZE -> fields.size = field.readVarint();
        case TEXT -> fields.text = field.restBytes();
        case PROTOBUF -> fields.protobuf = field.restBytes();
        case METRICS -> metrics = field;
        default -> {} // A newer gateway has written this field.
      }
    }
    return metrics;
  }

  private static void readMetrics(BlockFields fields, BytesReader metrics)
      throws MalformedBytesException {
    byte[] name = fields.name.getBytes(StandardCharsets.UTF_8);
    long nameHash = SeriesHash.hash(name, 0, name.length, 0);
    FamilyBlockScan scan = new FamilyBlockScan(fields.text, fields.size, nameHash);
    for (int i = 0; i < fields.size; i++) {
      if (metrics == null) {
        scan.plainMetric();
      } else {
        int labelCount = metrics.readVarint();
        scan.richMetric(labelCount, metrics.readVarint());
      }
    }
    scan.finish(fields, Names.isLegacyMetricName(fields.name));
    if (metrics != null) {
      metrics.checkEnd();
      int[] protobufStarts = protobufStarts(fields.protobuf, fields.size);
      fields.protobufStarts = fields.size > 1 ? protobufStarts : null;
    }
  }

  /**
   * Returns where each of {@code size} delimited messages starts. The messages must fill the array
   * exactly.
   */
  private static int[] protobufStarts(byte[] protobuf, int size) throws MalformedBytesException {
    BytesReader messages = new BytesReader(protobuf, 0, protobuf.length);
    int[] starts = new int[size];
    for (int i = 0; i < size; i++) {
      starts[i] = messages.offset();
      messages.readPart();
    }
    messages.checkEnd();
    return starts;
  }
}
