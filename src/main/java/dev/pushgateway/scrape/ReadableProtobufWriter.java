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
 * <p>Holds one buffer at any time, with room for one metric more than it takes to fill it.
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
    ProtobufText text = new ProtobufText(buffer, this == MULTILINE);
    for (MergedFamily family : families) {
      if (family.size() > 0) {
        write(family, messages, text, buffer, out);
        buffer.add('\n');
      }
    }
    flush(buffer, out);
  }

  private static void write(
      MergedFamily family,
      ProtobufMessages messages,
      ProtobufText text,
      ByteArray buffer,
      OutputStream out)
      throws IOException {
    boolean escaping = messages.isEscaping(family);
    try {
      text.startFamily();
      ByteArray header = messages.header(family);
      text.addFamilyFields(header.bytes, header.length);
      for (int position = 0; position < family.size(); position++) {
        if (escaping) {
          ByteArray message = messages.escaped(family, position);
          text.addMetric(message.bytes, 0, message.length);
        } else {
          ByteArray message = messages.delimited(family, position);
          text.addDelimitedMetric(message.bytes, message.length);
        }
        if (buffer.length >= BUFFER_BYTES) {
          flush(buffer, out);
        }
      }
      ByteArray trailer = messages.trailer(family);
      text.addFamilyFields(trailer.bytes, trailer.length);
    } catch (ExpositionException e) {
      throw ProtobufMessages.damaged(family, e);
    }
  }

  private static void flush(ByteArray buffer, OutputStream out) throws IOException {
    out.write(buffer.bytes, 0, buffer.length);
    buffer.length = 0;
  }
}
