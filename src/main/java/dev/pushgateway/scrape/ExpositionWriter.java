package dev.pushgateway.scrape;

import dev.pushgateway.bytes.FastGzip;
import dev.pushgateway.model.EscapingScheme;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes an exposition in one format. To add a format, add an implementation and a constant in
 * {@link ScrapeFormat}.
 *
 * <p>Thread-safe: a writer keeps no state between two calls. No method closes {@code out}.
 */
public sealed interface ExpositionWriter
    permits TextWriter, ProtobufWriter, ReadableProtobufWriter {

  /**
   * Writes families in the given order. A family without metrics is left out.
   *
   * @param scheme how to write names outside the legacy alphabet
   */
  void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException;

  /** Writes the same bytes as {@link #write}, compressed with gzip. */
  default void writeGzip(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    try (FastGzip compressed = new FastGzip(out)) {
      write(families, scheme, compressed);
      compressed.finish();
    }
  }
}
