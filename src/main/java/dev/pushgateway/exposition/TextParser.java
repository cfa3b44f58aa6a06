package dev.pushgateway.exposition;

/**
 * Parses a pushed body in text format 0.0.4.
 *
 * <p>Not thread-safe; reusable after each call, also after a failed one. Keeps no reference to what
 * it has parsed.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
public final class TextParser {
  /**
   * A parser.
   *
   * @param utf8Names whether metric and label names may be any UTF-8 text, in quotes
   */
  public TextParser(boolean utf8Names) {}

  /**
   * Parses one body.
   *
   * @param body UTF-8; {@code [from, to)} is read and never changed
   * @param grouping what to add to each metric
   * @throws ExpositionException at the first line that breaks the grammar, with line and column
   *     from 1
   */
  public Exposition parse(byte[] body, int from, int to, GroupingLabels grouping)
      throws ExpositionException {
    throw new UnsupportedOperationException();
  }
}
