package dev.pushgateway.protobuf;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.NumberWriter;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes protobuf messages in their text form, for people: indented on many lines, or all on one
 * line.
 *
 * <pre>
 *   name: "foo"                    name:"foo" type:GAUGE metric:{label:{name:"a" value:"1"} …
 *   type: GAUGE
 *   metric: {
 *     label: {
 * </pre>
 *
 * <p>Fields are in the order of the message. A field that this gateway does not know has its number
 * instead of a name. Drains {@code out} after each field. Not thread-safe.
 *
 * @see <a href="https://protobuf.dev/reference/protobuf/textformat-spec/">Text format</a>
 */
public final class ProtobufText {
  private static final String ESCAPED = "\n\r\t\"\\";
  private static final String ESCAPES = "nrt\"\\";

  private final ByteArray out;
  private final boolean multiline;
  private final ProtobufReader in = new ProtobufReader();
  private byte[] message;
  private int depth;
  private boolean isFirst = true;

  public ProtobufText(ByteArray out, boolean multiline) {
    this.out = out;
    this.multiline = multiline;
  }

  /** Adds fields of a {@code MetricFamily} message. */
  public void add(ByteArray fields) throws ExpositionException {
    message = fields.bytes;
    in.reset(message, 0, fields.length);
    addFields(ProtobufSchema.FAMILY);
  }

  /** Starts a metric. Its fields follow one by one. */
  public void startMetric() {
    startField("metric");
    startMessage();
  }

  /** Adds whole fields of the started metric. */
  public void addMetricFields(byte[] bytes, int from, int to) throws ExpositionException {
    message = bytes;
    in.reset(bytes, from, to);
    addFields(ProtobufSchema.METRIC);
  }

  /** Ends the started metric. */
  public void endMetric() {
    endMessage();
    endField();
  }

  private void addFields(ProtobufSchema schema) throws ExpositionException {
    while (in.hasMore()) {
      int tag = in.readTag();
      ProtobufSchema.Field field = schema.field(tag >>> 3);
      if (field == null) {
        startField(Integer.toString(tag >>> 3));
        addUnknown(tag);
        endField();
      } else if ((tag & 7) == ProtobufTags.LENGTH && field.isNumber()) {
        int outerLimit = in.enter(); // Repeated numbers, packed into one field.
        while (in.hasMore()) {
          addField(field);
        }
        in.leave(outerLimit);
      } else {
        addField(field);
      }
    }
  }

  private void addField(ProtobufSchema.Field field) throws ExpositionException {
    startField(field.name());
    switch (field.kind()) {
      case "string" -> addString();
      case "double" -> addDouble(in.readDouble());
      case "uint64" -> addAscii(Long.toUnsignedString(in.readVarint()));
      case "uint32" -> addAscii(Integer.toUnsignedString((int) in.readVarint()));
      case "int64" -> addAscii(Long.toString(in.readVarint()));
      case "int32" -> addAscii(Integer.toString((int) in.readVarint()));
      case "sint64" -> addAscii(Long.toString(in.readSigned()));
      case "sint32" -> addAscii(Integer.toString(in.readSigned32()));
      case "type" -> addType(in.readVarint());
      default -> addMessage(ProtobufSchema.valueOf(field.kind()));
    }
    endField();
  }

  private void addMessage(ProtobufSchema schema) throws ExpositionException {
    int outerLimit = in.enter();
    startMessage();
    addFields(schema);
    endMessage();
    in.leave(outerLimit);
  }

  private void startMessage() {
    addAscii(multiline ? "{\n" : "{");
    depth++;
    isFirst = true;
  }

  private void endMessage() {
    isFirst = false;
    depth--;
    indent();
    out.add('}');
  }

  private void addType(long number) {
    MetricType type = MetricType.ofNumber((int) number);
    addAscii(type == null ? Long.toString(number) : type.name());
  }

  private void addDouble(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      addAscii(Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
    } else {
      addAscii(NumberWriter.toString(value));
    }
  }

  private void addUnknown(int tag) throws ExpositionException {
    int from = in.position();
    switch (tag & 7) {
      case ProtobufTags.VARINT -> addAscii(Long.toUnsignedString(in.readVarint()));
      case ProtobufTags.LENGTH -> addString();
      default -> {
        in.skip(tag);
        addAscii("0x");
        for (int i = in.position() - 1; i >= from; i--) {
          addHex(message[i]);
        }
      }
    }
  }

  private void addString() throws ExpositionException {
    int length = in.skipLengthDelimited();
    int from = in.position() - length;
    boolean utf8 = Utf8.isValid(message, from, in.position());
    out.add('"');
    for (int i = from; i < in.position(); i++) {
      byte b = message[i];
      int escaped = ESCAPED.indexOf(b);
      if (escaped >= 0) {
        out.add('\\');
        out.add(ESCAPES.charAt(escaped));
      } else if (b >= 0x20 && b != 0x7F || b < 0 && utf8) {
        out.add(b);
      } else {
        addAscii("\\x");
        addHex(b);
      }
      out.drain();
    }
    out.add('"');
  }

  private void addHex(byte b) {
    addAscii(HexFormat.of().toHexDigits(b));
  }

  private void startField(String name) {
    indent();
    if (!multiline && !isFirst) {
      out.add(' ');
    }
    isFirst = false;
    addAscii(name);
    addAscii(multiline ? ": " : ":");
  }

  private void endField() {
    if (multiline) {
      out.add('\n');
    }
    out.drain();
  }

  private void indent() {
    addAscii(multiline ? "  ".repeat(depth) : "");
  }

  private void addAscii(String text) {
    out.add(text.getBytes(StandardCharsets.US_ASCII));
  }
}
