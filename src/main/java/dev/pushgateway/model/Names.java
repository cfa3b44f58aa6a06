package dev.pushgateway.model;

import java.util.Comparator;

/**
 * The rules for valid metric and label names, and the order in which names are sorted.
 *
 * <p>Legacy names are the names that Prometheus accepted before version 3. Every reader understands
 * them. With {@code --push.enable-utf8-names}, any UTF-8 text is a name.
 *
 * @see <a href="https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels">Data
 *     model</a>
 */
public final class Names {
  /** Sorts strings by code point. UTF-8 bytes, and therefore strings in Go, have the same order. */
  public static final Comparator<String> BY_CODE_POINT = Names::compareCodePoints;

  /** The start of label names that are reserved for Prometheus. */
  public static final String RESERVED_PREFIX = "__";

  private Names() {}

  /** Returns whether a name matches {@code [a-zA-Z_:][a-zA-Z0-9_:]*}. */
  public static boolean isLegacyMetricName(String name) {
    return isLegacy(name, true);
  }

  /** Returns whether a name matches {@code [a-zA-Z_][a-zA-Z0-9_]*}. */
  public static boolean isLegacyLabelName(String name) {
    return isLegacy(name, false);
  }

  private static boolean isLegacy(String name, boolean hasColons) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isLegacyLabelChar(c, i) && !(hasColons && c == ':')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isLegacyLabelChar(char c, int index) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c == '_'
        || c >= '0' && c <= '9' && index > 0;
  }

  private static int compareCodePoints(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates stand for code points above all other chars.
        boolean xHigh = Character.isSurrogate(x);
        boolean yHigh = Character.isSurrogate(y);
        return xHigh == yHigh ? Character.compare(x, y) : xHigh ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
