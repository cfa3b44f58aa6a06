package dev.pushgateway.model;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The type of a metric family, in the order and with the numbers of {@code
 * io.prometheus.client.MetricType}.
 *
 * @see <a href="https://github.com/prometheus/client_model">The protobuf schema</a>
 */
public enum MetricType {
  COUNTER,
  GAUGE,
  SUMMARY,
  UNTYPED,
  HISTOGRAM,
  GAUGE_HISTOGRAM;

  private static final MetricType[] BY_NUMBER = values();

  private final String words = name().toLowerCase(Locale.ROOT).replace('_', ' ');

  private final byte[] textName =
      // Text format 0.0.4 has no gauge histogram; the Go gateway writes it as a histogram, too.
      (words.equals("gauge histogram") ? "histogram" : words).getBytes(StandardCharsets.US_ASCII);

  /**
   * The type that a protobuf message names by number.
   *
   * @return the type, or {@code null} for a number that the schema does not know
   */
  public static MetricType ofNumber(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  /** The number that stands for this type in a protobuf message. */
  public int number() {
    return ordinal();
  }

  /** Whether metrics of this type are one number each: a counter, a gauge or untyped. */
  public boolean isNumber() {
    return this == COUNTER || this == GAUGE || this == UNTYPED;
  }

  /** Whether metrics of this type have buckets. */
  public boolean isHistogram() {
    return this == HISTOGRAM || this == GAUGE_HISTOGRAM;
  }

  /** Returns the type in words, for messages: {@code gauge histogram}. */
  public String words() {
    return words;
  }

  /** The word that follows the name in a TYPE line; not to be changed. */
  public byte[] textName() {
    return textName;
  }
}
