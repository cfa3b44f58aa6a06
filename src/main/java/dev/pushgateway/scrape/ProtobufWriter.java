package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.ProtobufLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.Varint;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.protobuf.ProtobufMetrics;
import dev.pushgateway.protobuf.ProtobufTags;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes {@code io.prometheus.client.MetricFamily} messages, each with its length before it.
 *
 * <p>Holds some buffers at any time. Each buffer has room for one page of a family, or for one
 * metric more than that.
 */
public final class ProtobufWriter implements ExpositionWriter {
  @Override
  public void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    ProtobufMessages messages = new ProtobufMessages(scheme);
    try (PagedOutput output = new PagedOutput(out)) {
      for (MergedFamily family : families) {
        if (family.size() > 0) {
          write(family, messages, output);
        }
      }
      output.finish();
    }
  }

  private static void write(MergedFamily family, ProtobufMessages messages, PagedOutput output)
      throws IOException {
    boolean escaping = messages.isEscaping(family);
    ByteArray header = messages.header(family);
    ByteArray trailer = messages.trailer(family);
    long length = (long) header.length + trailer.length;
    length += escaping ? escapedLength(family, messages) : messages.metricsLength(family);
    ProtobufMetrics.addVarint(output.buffer, length);
    output.buffer.add(header.bytes, 0, header.length);
    if (escaping) {
      addEscaped(family, messages, output);
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
      to.add(ProtobufTags.FAMILY_METRIC);
      ProtobufMessages.addDelimited(blocks[page.block(i)], page.metric(i), lines, to);
    }
  }

  private static long escapedLength(MergedFamily family, ProtobufMessages messages) {
    long length = 0;
    for (int position = 0; position < family.size(); position++) {
      int one = messages.escaped(family, position).length;
      length += 1 + Varint.length(one) + one;
    }
    return length;
  }

  private static void addEscaped(MergedFamily family, ProtobufMessages messages, PagedOutput output)
      throws IOException {
    for (int position = 0; position < family.size(); position++) {
      ByteArray message = messages.escaped(family, position);
      output.buffer.add(ProtobufTags.FAMILY_METRIC);
      ProtobufMetrics.addVarint(output.buffer, message.length);
      output.buffer.add(message.bytes, 0, message.length);
      output.flushIfFull();
    }
  }
}
