package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.NumberReader;
import dev.pushgateway.bytes.TextBytes;
import dev.pushgateway.bytes.Varint;
import dev.pushgateway.protobuf.ProtobufMetrics;
import dev.pushgateway.protobuf.ProtobufTags;

/**
 * Makes {@code Metric} messages from the text that a block keeps for plain numbers.
 *
 * <pre>
 *   foo{a="1",job="x"} 2.5␊
 *       ^ labels, each  name="value"  in canonical form: no blanks, values with \\ \" \n
 * </pre>
 *
 * <p>The hot path of a scrape in protobuf: one pass over the labels, no objects. The length of a
 * family comes before its metrics. Each line is therefore measured before the first is written,
 * once in the life of the block.
 *
 * <p>Not thread-safe.
 */
public final class ProtobufLines {
  /** The length of the value's field: tag, length, inner tag and eight bytes. */
  private static final int NUMBER_LENGTH = 3 + Double.BYTES;

  /** Strings and messages shorter than this have a length of one byte. */
  private static final int ONE_BYTE = 1 << 7;

  private final ByteArray unescapedName = new ByteArray(0);
  private final ByteArray unescapedValue = new ByteArray(0);

  // The metric that is added field by field. Its labels come first, then the number.
  private FamilyBlock atBlock;
  private int atIndex;
  private int labelsLeft;

  // The current label, and where the next one starts.
  private byte[] text;
  private int next;
  private int nameFrom;
  private int nameTo;
  private int nameEscapes;
  private int valueFrom;
  private int valueTo;
  private int valueEscapes;

  /**
   * Returns the length of all metrics of a block as delimited messages. The block keeps this
   * length. A scrape in protobuf needs it before the first metric, and measuring took half of the
   * scrape's time.
   */
  public int messagesLength(FamilyBlock block) {
    if (block.hasProtobuf()) {
      return block.protobuf().length;
    }
    int length = block.messagesLength();
    if (length == 0) {
      for (int i = 0; i < block.size(); i++) {
        int message = length(block, i);
        length += Varint.length(message) + message;
      }
      block.messagesLength(length);
    }
    return length;
  }

  /** Returns the length of a metric's message, without the length before it. */
  private int length(FamilyBlock block, int index) {
    start(block, index);
    int length = NUMBER_LENGTH;
    for (int rest = block.labelCount(index); rest > 0; rest--) {
      scanLabel();
      int label = labelLength();
      length += 1 + Varint.length(label) + label;
    }
    return length;
  }

  /** Adds the message of a metric with its length before it. */
  public void add(FamilyBlock block, int index, ByteArray out) {
    int messageAt = out.length;
    out.add(0);
    startLabels(block, index);
    for (int rest = block.labelCount(index); rest > 0; rest--) {
      scanLabel();
      addLabel(out);
    }
    addNumber(out, block, index);
    ProtobufMetrics.endMessage(out, messageAt);
  }

  /** Starts to add the fields of a metric one by one, without the length of the message. */
  public void start(FamilyBlock block, int index) {
    atBlock = block;
    atIndex = index;
    labelsLeft = block.labelCount(index);
    startLabels(block, index);
  }

  /**
   * Adds the next field of the started metric.
   *
   * @return whether a field was left
   */
  public boolean addField(ByteArray out) {
    if (labelsLeft > 0) {
      scanLabel();
      addLabel(out);
    } else if (labelsLeft == 0) {
      addNumber(out, atBlock, atIndex);
    }
    return labelsLeft-- >= 0;
  }

  private void startLabels(FamilyBlock block, int index) {
    text = block.text();
    // Usual case: an unquoted name, then a brace, or a space if there are no labels.
    next =
        block.hasLegacyNames()
            ? block.textStart(index) + block.name().length() + 1
            : block.labelsStart(index);
  }

  private void scanLabel() {
    byte[] bytes = text;
    int at = next;
    nameEscapes = 0;
    if (bytes[at] == '"') {
      nameFrom = ++at;
      for (; bytes[at] != '"'; at++) {
        if (bytes[at] == '\\') {
          nameEscapes++;
          at++;
        }
      }
      nameTo = at++;
    } else {
      nameFrom = at;
      while (bytes[at] != '=') {
        at++;
      }
      nameTo = at;
    }
    at += 2; // The equals sign and the opening quote.
    valueFrom = at;
    int escapes = 0;
    for (int plain = 8; plain == 8 && bytes.length - at >= 8; at += plain) {
      plain = TextBytes.countPlainAscii(bytes, at);
    }
    for (; bytes[at] != '"'; at++) {
      if (bytes[at] == '\\') {
        escapes++;
        at++;
      }
    }
    valueTo = at;
    valueEscapes = escapes;
    next = at + 2; // The closing quote and a comma.
  }

  private int labelLength() {
    int name = nameTo - nameFrom - nameEscapes;
    int value = valueTo - valueFrom - valueEscapes;
    return 2 + Varint.length(name) + name + Varint.length(value) + value;
  }

  private void addLabel(ByteArray out) {
    int name = nameTo - nameFrom;
    int value = valueTo - valueFrom;
    if (name + value >= ONE_BYTE - 4 || (nameEscapes | valueEscapes) != 0) {
      addAnyLabel(out);
      return;
    }
    // Usual case: nothing escaped, all lengths in one byte.
    out.reserve(6 + name + value);
    byte[] to = out.bytes;
    int at = out.length;
    to[at++] = ProtobufTags.METRIC_LABEL;
    to[at++] = (byte) (4 + name + value);
    to[at++] = ProtobufTags.LABEL_NAME;
    to[at++] = (byte) name;
    System.arraycopy(text, nameFrom, to, at, name);
    at += name;
    to[at++] = ProtobufTags.LABEL_VALUE;
    to[at++] = (byte) value;
    System.arraycopy(text, valueFrom, to, at, value);
    out.length = at + value;
  }

  private void addAnyLabel(ByteArray out) {
    unescapedName.length = 0;
    unescapedValue.length = 0;
    TextLines.addUnescaped(unescapedName, text, nameFrom, nameTo);
    TextLines.addUnescaped(unescapedValue, text, valueFrom, valueTo);
    ProtobufMetrics.addLabel(
        out,
        unescapedName.bytes,
        0,
        unescapedName.length,
        unescapedValue.bytes,
        0,
        unescapedValue.length);
  }

  private void addNumber(ByteArray out, FamilyBlock block, int index) {
    int valueEnd = block.textStart(index + 1) - 1;
    // A brace and a space follow the labels.
    int valueStart = block.labelCount(index) == 0 ? block.numberStart(index) : next + 1;
    double value = NumberReader.parse(text, valueStart, valueEnd);
    out.reserve(2);
    out.bytes[out.length++] = (byte) ProtobufMetrics.numberTag(block.type());
    out.bytes[out.length++] = 1 + Double.BYTES;
    ProtobufMetrics.addDouble(out, ProtobufTags.NUMBER_VALUE, value);
  }
}
