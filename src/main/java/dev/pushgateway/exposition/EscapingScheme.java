package dev.pushgateway.exposition;

/**
 * How names outside the legacy alphabet are written for readers that do not know UTF-8 names.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/escaping_schemes/">Escaping schemes</a>
 */
public enum EscapingScheme {
  ALLOW_UTF_8("allow-utf-8"),
  UNDERSCORES("underscores"),
  DOTS("dots"),
  VALUES("values");

  private final String parameter;

  EscapingScheme(String parameter) {
    this.parameter = parameter;
  }

  /** The value of the {@code escaping} parameter that stands for this scheme. */
  public String parameter() {
    return parameter;
  }

  /** A metric or label name as this scheme writes it. */
  public String escape(String name) {
    throw new UnsupportedOperationException();
  }

  /** The name that {@link #VALUES} has escaped; the argument itself if it is no such thing. */
  public static String unescapeValues(String name) {
    throw new UnsupportedOperationException();
  }
}
