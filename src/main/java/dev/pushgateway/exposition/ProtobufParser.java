package dev.pushgateway.exposition;

/**
 * Parses a pushed body of delimited {@code io.prometheus.client.MetricFamily} messages.
 *
 * <p>Not thread-safe; reusable after each call, also after a failed one. Keeps no reference to what
 * it has parsed.
 */
public final class ProtobufParser {
  /**
   * A parser.
   *
   * @param utf8Names whether label names may be any UTF-8 text
   */
  public ProtobufParser(boolean utf8Names) {}

  /**
   * Parses one body.
   *
   * @param body {@code [from, to)} is read and never changed
   * @param grouping what to add to each metric
   * @throws ExpositionException at the first message that cannot be decoded, with its offset
   */
  public Exposition parse(byte[] body, int from, int to, GroupingLabels grouping)
      throws ExpositionException {
    throw new UnsupportedOperationException();
  }
}
