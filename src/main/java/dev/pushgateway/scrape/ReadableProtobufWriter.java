package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.DrainedBytes;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.protobuf.ProtobufText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes {@code io.prometheus.client.MetricFamily} messages as protobuf text, for people.
 *
 * <p>Uses two buffers: one for a page of a family, unless the page is long, and one for a piece of
 * the text.
 */
public enum ReadableProtobufWriter implements ExpositionWriter {
  /** Each family on several lines, with a blank line after it. */
  MULTILINE,

  /** Each family on one line. */
  COMPACT;

  @Override
  public void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    ProtobufMessages messages = new ProtobufMessages(scheme);
    DrainedBytes text = new DrainedBytes(piece -> out.write(piece.bytes, 0, piece.length));
    try {
      for (MergedFamily family : families) {
        if (family.size() > 0) {
          write(family, messages, text);
          text.add('\n');
        }
      }
      text.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void write(MergedFamily family, ProtobufMessages messages, DrainedBytes out) {
    ProtobufText text = new ProtobufText(out, this == MULTILINE);
    try {
      text.add(messages.header(family));
      ByteArray metrics = new ByteArray(256);
      FamilyBlock[] blocks = family.blockArray();
      for (SeriesPage page : family.pages()) {
        if (page.isLong(blocks)) {
          text.startMetric();
          messages.forEachField(family, page, text::addMetricFields);
          text.endMetric();
        } else {
          metrics.length = 0;
          messages.addPage(family, page, metrics);
          text.add(metrics);
        }
      }
      text.add(messages.trailer(family));
    } catch (ExpositionException e) {
      throw ProtobufMessages.damaged(family, e);
    }
  }
}
