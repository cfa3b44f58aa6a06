package dev.pushgateway.scrape;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.protobuf.ProtobufMetrics;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes {@code io.prometheus.client.MetricFamily} messages, each with its length before it.
 *
 * <p>Uses several buffers at a time. Each has room for one page of a family, unless the page is
 * long.
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
    ByteArray header = messages.header(family);
    ByteArray trailer = messages.trailer(family);
    long length = header.length + messages.metricsLength(family) + trailer.length;
    ProtobufMetrics.addVarint(output.buffer, length);
    output.buffer.add(header.bytes, 0, header.length);
    output.add(
        family.pages(), family.blockArray(), (page, to) -> messages.addPage(family, page, to));
    output.buffer.add(trailer.bytes, 0, trailer.length);
  }
}
