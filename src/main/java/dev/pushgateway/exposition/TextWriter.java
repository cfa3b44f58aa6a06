package dev.pushgateway.exposition;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes text format 0.0.4, byte for byte as the Go gateway does. */
public final class TextWriter {
  private TextWriter() {}

  /** Writes families in the given order; one without metrics is left out. */
  public static void write(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Writes the same, compressed with gzip. */
  public static void writeGzip(List<MergedFamily> families, EscapingScheme scheme, OutputStream out)
      throws IOException {
    throw new UnsupportedOperationException();
  }
}
