package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.ProtobufLines;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.Varint;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Names;
import dev.pushgateway.protobuf.LabelFields;
import dev.pushgateway.protobuf.ProtobufMetrics;
import dev.pushgateway.protobuf.ProtobufReader;
import dev.pushgateway.protobuf.ProtobufTags;
import dev.pushgateway.protobuf.ProtobufText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes {@code io.prometheus.client.MetricFamily} messages, delimited or in a readable form.
 *
 * <p>Rich metrics are copied as they are kept; the messages of plain ones are made from their line
 * of text. What is held at any time is some buffers, each of one page of a family or with one
 * metric more than it has room for.
 */
public final class ProtobufWriter {
  /** Of the readable forms, written to the stream at once. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final EscapingScheme scheme;
  private final ProtobufLines lines = new ProtobufLines();

  /** The metric at hand, where it must be looked at before it is written. */
  private final ByteArray message = new ByteArray(256);

  private final ByteArray escapedMessage = new ByteArray(256);

  private ProtobufWriter(EscapingScheme scheme) {
    this.scheme = scheme;
  }

  /**
   * Writes families in the given order, each with its length before it; empty ones are left out.
   */
  public static void writeDelimited(
      List<MergedFamily> families, EscapingScheme scheme, OutputStream out) throws IOException {
    ProtobufWriter writer = new ProtobufWriter(scheme);
    try (PagedOutput output = new PagedOutput(out)) {
      for (MergedFamily family : families) {
        if (family.size() > 0) {
          writer.writeFamily(family, output);
        }
      }
      output.end();
    }
  }

  /** Writes families as protobuf text, each on several lines, with a blank line after it. */
  public static void writeText(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    new ProtobufWriter(scheme).writeTexts(families, true, out);
  }

  /** Writes families as protobuf text, each on one line. */
  public static void writeCompactText(
      List<MergedFamily> families, EscapingScheme scheme, OutputStream out) throws IOException {
    new ProtobufWriter(scheme).writeTexts(families, false, out);
  }

  private void writeFamily(MergedFamily family, PagedOutput output) throws IOException {
    boolean escaping = isEscaping(family);
    ByteArray header = header(family);
    ByteArray trailer = trailer(family);
    long length = header.length + trailer.length;
    length += escaping ? escapedLength(family) : metricsLength(family);
    ProtobufMetrics.addVarint(output.buffer, length);
    output.buffer.add(header.bytes, 0, header.length);
    if (escaping) {
      addEscaped(family, output);
    } else {
      addAsTheyAre(family, output);
    }
    output.buffer.add(trailer.bytes, 0, trailer.length);
  }

  private static void addAsTheyAre(MergedFamily family, PagedOutput output) throws IOException {
    FamilyBlock[] blocks = family.blockArray();
    output.add(family.pages(), (page, to) -> addPage(page, blocks, new ProtobufLines(), to));
  }

  private static void addPage(
      SeriesPage page, FamilyBlock[] blocks, ProtobufLines lines, ByteArray to) {
    for (int i = 0; i < page.size(); i++) {
      if (i % SeriesPage.AHEAD == 0) {
        page.fetch(blocks, i, Math.min(page.size(), i + SeriesPage.AHEAD), to);
      }
      to.add(ProtobufTags.FAMILY_METRIC);
      addDelimited(blocks[page.block(i)], page.metric(i), lines, to);
    }
  }

  private void addEscaped(MergedFamily family, PagedOutput output) throws IOException {
    for (int position = 0; position < family.size(); position++) {
      escape(family, position);
      output.buffer.add(ProtobufTags.FAMILY_METRIC);
      ProtobufMetrics.addVarint(output.buffer, escapedMessage.length);
      output.buffer.add(escapedMessage.bytes, 0, escapedMessage.length);
      output.flushIfFull();
    }
  }

  private boolean isEscaping(MergedFamily family) {
    return scheme != EscapingScheme.ALLOW_UTF_8 && !family.hasLegacyNames();
  }

  private ByteArray header(MergedFamily family) {
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

  private static ByteArray trailer(MergedFamily family) {
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

  /**
   * How long all metrics are, with their tags; worked out block by block, as order is no matter.
   */
  private long metricsLength(MergedFamily family) {
    long length = 0;
    for (FamilyBlock block : family.blocks()) {
      length += block == null ? 0 : block.size() + lines.messagesLength(block);
    }
    return length;
  }

  /** Adds a metric, its length before it. */
  private static void addDelimited(
      FamilyBlock block, int index, ProtobufLines lines, ByteArray to) {
    if (block.hasProtobuf()) {
      to.add(block.protobuf(), block.protobufStart(index), block.protobufStart(index + 1));
    } else {
      lines.add(block, index, to);
    }
  }

  private long escapedLength(MergedFamily family) {
    long length = 0;
    for (int position = 0; position < family.size(); position++) {
      escape(family, position);
      length += 1 + Varint.length(escapedMessage.length) + escapedMessage.length;
    }
    return length;
  }

  /**
   * Fills {@link #escapedMessage} with a metric whose label names are escaped, all else as it is.
   */
  private void escape(MergedFamily family, int position) {
    message.length = 0;
    escapedMessage.length = 0;
    addDelimited(family.block(position), family.metricAt(position), lines, message);
    ProtobufReader in = new ProtobufReader();
    in.reset(message.bytes, 0, message.length);
    try {
      in.enter();
      while (in.hasMore()) {
        escapeField(in);
      }
    } catch (ExpositionException e) {
      throw damaged(family, e);
    }
  }

  private void escapeField(ProtobufReader in) throws ExpositionException {
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

  private static IllegalStateException damaged(MergedFamily family, ExpositionException e) {
    return new IllegalStateException(
        "a stored metric of " + family.name() + " is damaged: " + e.getMessage(), e);
  }

  private void writeTexts(List<MergedFamily> families, boolean multiline, OutputStream out)
      throws IOException {
    ByteArray buffer = new ByteArray(BUFFER_BYTES + (BUFFER_BYTES >> 1));
    ProtobufText text = new ProtobufText(buffer, multiline);
    for (MergedFamily family : families) {
      if (family.size() > 0) {
        writeText(family, text, buffer, out);
        buffer.add('\n');
      }
    }
    flush(buffer, out);
  }

  private void writeText(MergedFamily family, ProtobufText text, ByteArray buffer, OutputStream out)
      throws IOException {
    boolean escaping = isEscaping(family);
    try {
      text.startFamily();
      ByteArray header = header(family);
      text.addFamilyFields(header.bytes, header.length);
      for (int position = 0; position < family.size(); position++) {
        if (escaping) {
          escape(family, position);
          text.addMetric(escapedMessage.bytes, 0, escapedMessage.length);
        } else {
          message.length = 0;
          addDelimited(family.block(position), family.metricAt(position), lines, message);
          text.addDelimitedMetric(message.bytes, message.length);
        }
        if (buffer.length >= BUFFER_BYTES) {
          flush(buffer, out);
        }
      }
      ByteArray trailer = trailer(family);
      text.addFamilyFields(trailer.bytes, trailer.length);
    } catch (ExpositionException e) {
      throw damaged(family, e);
    }
  }

  private static void flush(ByteArray buffer, OutputStream out) throws IOException {
    out.write(buffer.bytes, 0, buffer.length);
    buffer.length = 0;
  }
}
