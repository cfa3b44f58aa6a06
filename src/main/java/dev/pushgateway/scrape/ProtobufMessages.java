package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.ProtobufLines;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Names;
import dev.pushgateway.protobuf.LabelFields;
import dev.pushgateway.protobuf.ProtobufMetrics;
import dev.pushgateway.protobuf.ProtobufReader;
import dev.pushgateway.protobuf.ProtobufTags;

/**
 * The protobuf messages of one scrape: what comes before and after the metrics of a family, and the
 * metrics.
 *
 * <p>Rich metrics are copied as they are kept. The messages of plain ones are made from their line
 * of text. Not thread-safe.
 */
final class ProtobufMessages {
  private final EscapingScheme scheme;
  private final ProtobufLines lines = new ProtobufLines();

  /** The metric at hand, if it must be looked at before it is written. */
  private final ByteArray message = new ByteArray(256);

  private final ByteArray escapedMessage = new ByteArray(256);

  ProtobufMessages(EscapingScheme scheme) {
    this.scheme = scheme;
  }

  /** Whether the metrics of a family are written with escaped names. */
  boolean isEscaping(MergedFamily family) {
    return scheme != EscapingScheme.ALLOW_UTF_8 && !family.hasLegacyNames();
  }

  /** Returns the fields before the metrics: name, help and type. */
  ByteArray header(MergedFamily family) {
    ByteArray header = new ByteArray(256);
    byte[] name = TextLines.utf8(escapedName(family.name()));
    ProtobufMetrics.addBytes(header, ProtobufTags.FAMILY_NAME, name, 0, name.length);
    if (family.help() != null) {
      byte[] help = TextLines.utf8(family.help());
      ProtobufMetrics.addBytes(header, ProtobufTags.FAMILY_HELP, help, 0, help.length);
    }
    ProtobufMetrics.addVarint(header, ProtobufTags.FAMILY_TYPE, family.type().number());
    return header;
  }

  /** Returns the fields after the metrics: the unit, if there is one. */
  ByteArray trailer(MergedFamily family) {
    ByteArray trailer = new ByteArray(32);
    if (family.unit() != null) {
      byte[] unit = TextLines.utf8(family.unit());
      ProtobufMetrics.addBytes(trailer, ProtobufTags.FAMILY_UNIT, unit, 0, unit.length);
    }
    return trailer;
  }

  private String escapedName(String name) {
    boolean asItIs = scheme == EscapingScheme.ALLOW_UTF_8 || Names.isLegacyMetricName(name);
    return asItIs ? name : scheme.escape(name);
  }

  /** Returns how long all metrics of a family are, unescaped, with tags and lengths. */
  long metricsLength(MergedFamily family) {
    long length = 0;
    for (FamilyBlock block : family.blocks()) {
      length += block == null ? 0 : block.size() + lines.messagesLength(block);
    }
    return length;
  }

  /** Adds a metric, unescaped, its length before it. */
  static void addDelimited(FamilyBlock block, int index, ProtobufLines lines, ByteArray to) {
    if (block.hasProtobuf()) {
      to.add(block.protobuf(), block.protobufStart(index), block.protobufStart(index + 1));
    } else {
      lines.add(block, index, to);
    }
  }

  /** Returns a metric, unescaped, its length before it; valid until the next call. */
  ByteArray delimited(MergedFamily family, int position) {
    message.length = 0;
    addDelimited(family.block(position), family.metricAt(position), lines, message);
    return message;
  }

  /** Returns a metric whose label names are escaped, without its length; valid until the next. */
  ByteArray escaped(MergedFamily family, int position) {
    delimited(family, position);
    escapedMessage.length = 0;
    ProtobufReader in = new ProtobufReader();
    in.reset(message.bytes, 0, message.length);
    try {
      in.enter();
      while (in.hasMore()) {
        addEscapedField(in);
      }
    } catch (ExpositionException e) {
      throw damaged(family, e);
    }
    return escapedMessage;
  }

  private void addEscapedField(ProtobufReader in) throws ExpositionException {
    int fieldAt = in.position();
    int tag = in.readTag();
    int contentAt = in.position();
    in.skip(tag);
    int end = in.position();
    if (tag != ProtobufTags.METRIC_LABEL) {
      escapedMessage.add(message.bytes, fieldAt, end);
      return;
    }
    in.position(contentAt);
    LabelFields fields = new LabelFields();
    fields.readLabel(in);
    Labels label = fields.toLabels();
    byte[] name = TextLines.utf8(escapedName(label.name(0)));
    byte[] value = TextLines.utf8(label.value(0));
    ProtobufMetrics.addLabel(escapedMessage, name, 0, name.length, value, 0, value.length);
  }

  static IllegalStateException damaged(MergedFamily family, ExpositionException e) {
    return new IllegalStateException(
        "a stored metric of " + family.name() + " is damaged: " + e.getMessage(), e);
  }
}
