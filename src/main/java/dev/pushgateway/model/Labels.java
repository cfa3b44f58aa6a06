package dev.pushgateway.model;

import java.util.Arrays;
import java.util.Map;

/**
 * Label names and values, sorted by name. The order is that of the Go gateway: by the bytes of the
 * UTF-8 names, which is the order of code points.
 *
 * <p>Immutable; names are unique.
 */
public final class Labels {
  public static final Labels EMPTY = new Labels(new String[0]);

  /** Holds name, value, name, value, … */
  private final String[] namesAndValues;

  private Labels(String[] namesAndValues) {
    this.namesAndValues = namesAndValues;
  }

  /** Returns the labels of a map, which is copied. */
  public static Labels of(Map<String, String> labels) {
    String[] names = labels.keySet().toArray(new String[0]);
    Arrays.sort(names, Names.BY_CODE_POINT);
    String[] namesAndValues = new String[names.length * 2];
    for (int i = 0; i < names.length; i++) {
      namesAndValues[2 * i] = names[i];
      namesAndValues[2 * i + 1] = labels.get(names[i]);
    }
    return new Labels(namesAndValues);
  }

  /**
   * Returns the labels given as name, value, name, value, … in any order.
   *
   * @throws IllegalArgumentException for an odd number of strings or a name given twice
   */
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a name without a value");
    }
    Map<String, String> labels = new java.util.HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (labels.put(namesAndValues[i], namesAndValues[i + 1]) != null) {
        throw new IllegalArgumentException("label " + namesAndValues[i] + " twice");
      }
    }
    return of(labels);
  }

  /**
   * Returns labels given as name, value, name, value, … The names must be unique and sorted by code
   * point; this is not checked.
   *
   * @param namesAndValues not copied; the caller must not use the array any more
   */
  public static Labels ofSorted(String[] namesAndValues) {
    return new Labels(namesAndValues);
  }

  public int size() {
    return namesAndValues.length / 2;
  }

  public String name(int index) {
    return namesAndValues[2 * index];
  }

  public String value(int index) {
    return namesAndValues[2 * index + 1];
  }

  /** Returns the value of a label, or {@code null} if there is no such label. */
  public String get(String name) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equals(name)) {
        return namesAndValues[i + 1];
      }
    }
    return null;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels
        && Arrays.equals(namesAndValues, ((Labels) other).namesAndValues);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(namesAndValues);
  }

  /**
   * Returns the labels as in the text format: {@code {a="1",b="2"}}, with {@code \\}, {@code \"}
   * and {@code \n}.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < size(); i++) {
      text.append(i > 0 ? "," : "");
      text.append(Names.isLegacyMetricName(name(i)) ? name(i) : '"' + escape(name(i)) + '"');
      text.append("=\"").append(escape(value(i))).append('"');
    }
    return text.append('}').toString();
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
