package dev.pushgateway.scrape;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.protobuf.ProtobufText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes {@code io.prometheus.client.MetricFamily} messages as protobuf text, for people.
 *
 * <p>Holds two buffers at any time, each with room for one page of a family.
 */
public enum ReadableProtobufWriter implements ExpositionWriter {
  /** Each family on several lines, with a blank line after it. */
  MULTILINE,

  /** Each family on one line. */
  COMPACT;

  /** How many bytes are written to the stream at once. */
  private static final int BUFFER_BYTES = 64 << 10;

  @Override
  public void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    ProtobufMessages messages = new ProtobufMessages(scheme);
    ByteArray buffer = new ByteArray(BUFFER_BYTES + (BUFFER_BYTES >> 1));
    for (MergedFamily family : families) {
      if (family.size() > 0) {
        try {
          write(family, messages, buffer, out);
        } catch (ExpositionException e) {
          throw ProtobufMessages.damaged(family, e);
        }
        buffer.add('\n');
      }
    }
    out.write(buffer.bytes, 0, buffer.length);
  }

  private void write(
      MergedFamily family, ProtobufMessages messages, ByteArray buffer, OutputStream out)
      throws IOException, ExpositionException {
    ProtobufText text = new ProtobufText(buffer, this == MULTILINE);
    text.add(messages.header(family));
    ByteArray metrics = new ByteArray(256);
    for (SeriesPage page : family.pages()) {
      metrics.length = 0;
      messages.addPage(family, page, metrics);
      text.add(metrics);
      if (buffer.length >= BUFFER_BYTES) {
        out.write(buffer.bytes, 0, buffer.length);
        buffer.length = 0;
      }
    }
    text.add(messages.trailer(family));
  }
}
