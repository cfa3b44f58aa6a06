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
   * Returns the type for a number in a protobuf message.
   *
   * @return {@code null} for a number that the schema does not know
   */
  public static MetricType ofNumber(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  /** Returns the number that stands for this type in a protobuf message. */
  public int number() {
    return ordinal();
  }

  /** Returns whether a metric of this type is one number: a counter, a gauge or untyped. */
  public boolean isNumber() {
    return this == COUNTER || this == GAUGE || this == UNTYPED;
  }

  /** Returns whether metrics of this type have buckets. */
  public boolean isHistogram() {
    return this == HISTOGRAM || this == GAUGE_HISTOGRAM;
  }

  /** Returns the type in words, for messages: {@code gauge histogram}. */
  public String words() {
    return words;
  }

  /** Returns the word that follows the name in a TYPE line. The array must not be changed. */
  public byte[] textName() {
    return textName;
  }
}
