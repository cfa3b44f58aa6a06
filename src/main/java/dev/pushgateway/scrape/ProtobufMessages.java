package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.ProtobufLines;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.DrainedBytes;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.protobuf.LabelFields;
import dev.pushgateway.protobuf.ProtobufMetrics;
import dev.pushgateway.protobuf.ProtobufReader;
import dev.pushgateway.protobuf.ProtobufTags;

/**
 * Makes the protobuf messages of one scrape: the metrics of each family, and the fields before and
 * after them.
 *
 * <p>Rich metrics are copied unchanged. Plain metrics are made from their lines of text.
 * Thread-safe.
 */
record ProtobufMessages(EscapingScheme scheme) {
  /** Returns the fields before the metrics: name, help and type. */
  ByteArray header(MergedFamily family) {
    ByteArray header = new ByteArray(256);
    addText(header, ProtobufTags.FAMILY_NAME, EscapedLines.shown(family.name(), scheme));
    addText(header, ProtobufTags.FAMILY_HELP, family.help());
    ProtobufMetrics.addVarint(header, ProtobufTags.FAMILY_TYPE, family.type().number());
    return header;
  }

  /** Returns the fields after the metrics: the unit, if there is one. */
  ByteArray trailer(MergedFamily family) {
    ByteArray trailer = new ByteArray(32);
    addText(trailer, ProtobufTags.FAMILY_UNIT, family.unit());
    return trailer;
  }

  private static void addText(ByteArray out, int tag, String text) {
    if (text != null) {
      byte[] bytes = TextLines.utf8(text);
      ProtobufMetrics.addBytes(out, tag, bytes, 0, bytes.length);
    }
  }

  /** Returns the length of all metrics of a family, with tags and lengths. */
  long metricsLength(MergedFamily family) {
    if (isEscaping(family)) {
      return escapedLength(family);
    }
    long length = 0;
    ProtobufLines lines = new ProtobufLines();
    for (FamilyBlock block : family.blockArray()) {
      length += block == null ? 0 : block.size() + lines.messagesLength(block);
    }
    return length;
  }

  private long escapedLength(MergedFamily family) {
    long[] length = {0};
    DrainedBytes counted = new DrainedBytes(piece -> length[0] += piece.length);
    for (SeriesPage page : family.pages()) {
      addPage(family, page, counted);
      counted.flush();
    }
    return length[0];
  }

  private boolean isEscaping(MergedFamily family) {
    return scheme != EscapingScheme.ALLOW_UTF_8 && !family.hasLegacyNames();
  }

  /** Adds the metrics of a page as fields of their family's message. */
  void addPage(MergedFamily family, SeriesPage page, ByteArray out) {
    FamilyBlock[] blocks = family.blockArray();
    if (page.isLong(blocks)) {
      addLong(family, page, out);
      return;
    }
    boolean escaping = isEscaping(family);
    ProtobufLines lines = new ProtobufLines();
    ByteArray message = new ByteArray(escaping ? 256 : 0);
    for (int i = 0; i < page.size(); i++) {
      FamilyBlock block = blocks[page.block(i)];
      out.add(ProtobufTags.FAMILY_METRIC);
      if (escaping) {
        message.length = 0;
        addDelimited(block, page.metric(i), lines, message);
        addEscaped(message, family, out);
      } else {
        addDelimited(block, page.metric(i), lines, out);
      }
    }
  }

  /**
   * Adds the only metric of a page field by field, in two passes: its length comes before its first
   * byte.
   */
  private void addLong(MergedFamily family, SeriesPage page, ByteArray out) {
    long[] length = {0};
    try {
      forEachField(family, page, (bytes, from, to) -> length[0] += to - from);
      out.add(ProtobufTags.FAMILY_METRIC);
      ProtobufMetrics.addVarint(out, length[0]);
      forEachField(family, page, out::addThrough);
    } catch (ExpositionException e) {
      throw damaged(family, e);
    }
  }

  /**
   * Takes the fields of a metric one by one, each with its tag. The array may be reused after the
   * call.
   */
  interface FieldTarget {
    void add(byte[] bytes, int from, int to) throws ExpositionException;
  }

  /**
   * Passes on the fields of the only metric of a page. Labels are made and passed on one at a time.
   */
  void forEachField(MergedFamily family, SeriesPage page, FieldTarget target)
      throws ExpositionException {
    FamilyBlock block = family.blockArray()[page.block(0)];
    int index = page.metric(0);
    boolean escaping = isEscaping(family);
    ProtobufReader in = new ProtobufReader();
    if (block.hasProtobuf()) {
      in.reset(block.protobuf(), block.protobufStart(index), block.protobufStart(index + 1));
      in.enter();
      addFields(in, block.protobuf(), escaping, target);
      return;
    }
    ProtobufLines lines = new ProtobufLines();
    ByteArray field = new ByteArray(256);
    lines.start(block, index);
    while (lines.addField(field)) {
      in.reset(field.bytes, 0, field.length);
      addFields(in, field.bytes, escaping, target);
      field.length = 0;
    }
  }

  private void addFields(ProtobufReader in, byte[] bytes, boolean escaping, FieldTarget target)
      throws ExpositionException {
    ByteArray escaped = new ByteArray(0);
    while (in.hasMore()) {
      int from = in.position();
      int tag = in.readTag();
      int content = in.position();
      in.skip(tag);
      if (escaping && tag == ProtobufTags.METRIC_LABEL) {
        int to = in.position();
        in.position(content);
        escaped.length = 0;
        addEscapedLabel(in, escaped);
        in.position(to);
        target.add(escaped.bytes, 0, escaped.length);
      } else {
        target.add(bytes, from, in.position());
      }
    }
  }

  private static void addDelimited(
      FamilyBlock block, int index, ProtobufLines lines, ByteArray out) {
    if (block.hasProtobuf()) {
      out.add(block.protobuf(), block.protobufStart(index), block.protobufStart(index + 1));
    } else {
      lines.add(block, index, out);
    }
  }

  private void addEscaped(ByteArray message, MergedFamily family, ByteArray out) {
    int start = out.length;
    out.add(0);
    ProtobufReader in = new ProtobufReader();
    in.reset(message.bytes, 0, message.length);
    try {
      in.enter();
      addFields(in, message.bytes, true, out::add);
    } catch (ExpositionException e) {
      throw damaged(family, e);
    }
    ProtobufMetrics.endMessage(out, start);
  }

  private void addEscapedLabel(ProtobufReader in, ByteArray out) throws ExpositionException {
    LabelFields fields = new LabelFields();
    fields.readLabel(in);
    Labels label = fields.toLabels();
    byte[] name = TextLines.utf8(EscapedLines.shown(label.name(0), scheme));
    byte[] value = TextLines.utf8(label.value(0));
    ProtobufMetrics.addLabel(out, name, 0, name.length, value, 0, value.length);
  }

  static IllegalStateException damaged(MergedFamily family, ExpositionException e) {
    return new IllegalStateException(
        "a stored metric of " + family.name() + " is damaged: " + e.getMessage(), e);
  }
}
