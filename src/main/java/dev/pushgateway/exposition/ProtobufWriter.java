package dev.pushgateway.exposition;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes {@code io.prometheus.client.MetricFamily} messages, delimited or in a readable form. */
public final class ProtobufWriter {
  private ProtobufWriter() {}

  /** Writes families in the given order, each with its length before it; empty ones are left out. */
  public static void writeDelimited(
      List<MergedFamily> families, EscapingScheme scheme, OutputStream out) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Writes families as protobuf text, each on several lines, with a blank line after it. */
  public static void writeText(
      List<MergedFamily> families, EscapingScheme scheme, OutputStream out) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Writes families as protobuf text, each on one line. */
  public static void writeCompactText(
      List<MergedFamily> families, EscapingScheme scheme, OutputStream out) throws IOException {
    throw new UnsupportedOperationException();
  }
}
