package dev.pushgateway.bench;

import java.util.Locale;

/** What a figure is counted in, and how it is printed. */
enum Unit {
  MILLIS("ms"),
  SECONDS("s"),
  PER_SECOND("/s"),
  MEGABYTES("MB"),
  PUSHES("pushes");

  final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  /** Whether a larger figure is a better one. */
  boolean largerIsBetter() {
    return this == PER_SECOND || this == PUSHES;
  }

  String format(double value) {
    return number(value) + " " + symbol;
  }

  /** Three significant digits, thousands grouped. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    String pattern = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, pattern, value);
  }
}
