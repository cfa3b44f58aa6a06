package dev.pushgateway.protobuf;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.NumberWriter;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;

/**
 * Protobuf messages in their text form, for people: on many lines, indented, or all on one.
 *
 * <pre>
 *   name: "foo"                    name:"foo" type:GAUGE metric:{label:{name:"a" value:"1"} …
 *   type: GAUGE
 *   metric: {
 *     label: {
 * </pre>
 *
 * <p>Fields come in the order of the message; those that this gateway does not know have their
 * number for a name. Not thread-safe.
 *
 * @see <a href="https://protobuf.dev/reference/protobuf/textformat-spec/">Text format</a>
 */
public final class ProtobufText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ByteArray out;
  private final boolean multiline;
  private final ProtobufReader in = new ProtobufReader();
  private int depth;
  private boolean first;

  public ProtobufText(ByteArray out, boolean multiline) {
    this.out = out;
    this.multiline = multiline;
  }

  /** Begins a family; its fields follow. */
  public void startFamily() {
    depth = 0;
    first = true;
  }

  /** Adds fields of the family other than metrics. */
  public void addFamilyFields(byte[] message, int length) throws ExpositionException {
    in.reset(message, 0, length);
    addFields(message, ProtobufSchema.FAMILY);
  }

  /** Adds a metric that has its length before it. */
  public void addDelimitedMetric(byte[] message, int length) throws ExpositionException {
    in.reset(message, 0, length);
    in.readLength();
    addMetric(message, in.position(), length);
  }

  public void addMetric(byte[] message, int from, int to) throws ExpositionException {
    in.reset(message, from, to);
    startField("metric");
    addMessage(message, ProtobufSchema.METRIC);
    endField();
  }

  private void addFields(byte[] message, ProtobufSchema schema) throws ExpositionException {
    while (in.hasMore()) {
      int tag = in.readTag();
      ProtobufSchema.Field field = schema.field(tag >>> 3);
      if (field == null) {
        startField(Integer.toString(tag >>> 3));
        addUnknown(message, tag);
        endField();
      } else if ((tag & 7) == ProtobufTags.LENGTH && field.kind().isNumber()) {
        addPacked(field);
      } else {
        startField(field.name());
        addValue(message, field);
        endField();
      }
    }
  }

  private void addPacked(ProtobufSchema.Field field) throws ExpositionException {
    int outerLimit = in.enter();
    while (in.hasMore()) {
      startField(field.name());
      addNumber(field.kind());
      endField();
    }
    in.leave(outerLimit);
  }

  private void addValue(byte[] message, ProtobufSchema.Field field) throws ExpositionException {
    if (field.kind() == ProtobufSchema.Kind.STRING) {
      int length = in.skipLengthDelimited();
      addString(message, in.position() - length, in.position());
    } else if (field.kind() == ProtobufSchema.Kind.MESSAGE) {
      int outerLimit = in.enter();
      addMessage(message, field.message());
      in.leave(outerLimit);
    } else {
      addNumber(field.kind());
    }
  }

  private void addMessage(byte[] message, ProtobufSchema schema) throws ExpositionException {
    out.add('{');
    if (multiline) {
      out.add('\n');
    }
    depth++;
    first = true;
    addFields(message, schema);
    first = false;
    depth--;
    indent();
    out.add('}');
  }

  private void addNumber(ProtobufSchema.Kind kind) throws ExpositionException {
    switch (kind) {
      case DOUBLE -> addDouble(in.readDouble());
      case UINT64 -> addAscii(Long.toUnsignedString(in.readVarint()));
      case UINT32 -> addAscii(Integer.toUnsignedString((int) in.readVarint()));
      case INT32 -> addAscii(Integer.toString((int) in.readVarint()));
      case SINT64 -> addAscii(Long.toString(in.readSigned()));
      case SINT32 -> addAscii(Integer.toString(in.readSigned32()));
      case TYPE -> addAscii(typeName(in.readVarint()));
      default -> addAscii(Long.toString(in.readVarint()));
    }
  }

  private static String typeName(long number) {
    MetricType type = MetricType.ofNumber((int) number);
    return type == null ? Long.toString(number) : type.name();
  }

  private void addDouble(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      addAscii(Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
    } else {
      addAscii(NumberWriter.toString(value));
    }
  }

  private void addUnknown(byte[] message, int tag) throws ExpositionException {
    int from = in.position();
    switch (tag & 7) {
      case ProtobufTags.VARINT -> addAscii(Long.toUnsignedString(in.readVarint()));
      case ProtobufTags.LENGTH -> {
        int length = in.skipLengthDelimited();
        addString(message, in.position() - length, in.position());
      }
      default -> {
        in.skip(tag);
        addAscii("0x");
        for (int i = in.position() - 1; i >= from; i--) {
          addHex(message[i]);
        }
      }
    }
  }

  private void addString(byte[] bytes, int from, int to) {
    boolean utf8 = Utf8.isValid(bytes, from, to);
    out.add('"');
    for (int i = from; i < to; i++) {
      addStringByte(bytes[i], utf8);
    }
    out.add('"');
  }

  private void addStringByte(byte b, boolean utf8) {
    switch (b) {
      case '\n' -> addAscii("\\n");
      case '\r' -> addAscii("\\r");
      case '\t' -> addAscii("\\t");
      case '"' -> addAscii("\\\"");
      case '\\' -> addAscii("\\\\");
      default -> {
        if (b >= 0x20 && b != 0x7F || b < 0 && utf8) {
          out.add(b);
        } else {
          addAscii("\\x");
          addHex(b);
        }
      }
    }
  }

  private void addHex(byte b) {
    out.add(HEX[b >> 4 & 0xF]);
    out.add(HEX[b & 0xF]);
  }

  private void startField(String name) {
    indent();
    if (!multiline && !first) {
      out.add(' ');
    }
    first = false;
    addAscii(name);
    out.add(':');
    if (multiline) {
      out.add(' ');
    }
  }

  private void endField() {
    if (multiline) {
      out.add('\n');
    }
  }

  private void indent() {
    for (int i = 0; multiline && i < depth; i++) {
      out.add(' ');
      out.add(' ');
    }
  }

  private void addAscii(String text) {
    out.add(text.getBytes(StandardCharsets.US_ASCII));
  }
}
