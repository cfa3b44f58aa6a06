package dev.pushgateway.exposition;

import java.util.Arrays;

/**
 * The labels of one metric while it is being read: slices of the pushed body, no objects.
 *
 * <p>Reused from metric to metric; not thread-safe. The slices are only valid until the metric has
 * been added to its family.
 */
final class LabelBuffer {
  private static final int NAME_FROM = 0;
  private static final int NAME_TO = 1;
  private static final int VALUE_FROM = 2;
  private static final int VALUE_TO = 3;
  private static final int FIELDS = 4;

  private byte[][] names = new byte[16][];
  private byte[][] values = new byte[16][];
  private int[] bounds = new int[16 * FIELDS];
  private int[] order = new int[16];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /**
   * Adds a label.
   *
   * @param nameSource the name as it is, unescaped, at {@code [nameFrom, nameTo)}
   * @param valueSource the value at {@code [valueFrom, valueTo)}, escaped or not as the one who adds
   *     the metric will say
   */
  void add(
      byte[] nameSource, int nameFrom, int nameTo, byte[] valueSource, int valueFrom, int valueTo) {
    if (size == order.length) {
      names = Arrays.copyOf(names, size * 2);
      values = Arrays.copyOf(values, size * 2);
      bounds = Arrays.copyOf(bounds, size * 2 * FIELDS);
      order = Arrays.copyOf(order, size * 2);
    }
    names[size] = nameSource;
    values[size] = valueSource;
    int at = size * FIELDS;
    bounds[at + NAME_FROM] = nameFrom;
    bounds[at + NAME_TO] = nameTo;
    bounds[at + VALUE_FROM] = valueFrom;
    bounds[at + VALUE_TO] = valueTo;
    order[size] = size;
    size++;
  }

  /** Sorts by name; labels of the same name stay in the order they were added. */
  void sort() {
    // Insertion: a dozen labels at most, as a rule, and sorted already.
    for (int i = 1; i < size; i++) {
      int label = order[i];
      int at = i;
      while (at > 0 && compareNames(order[at - 1], label) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = label;
    }
  }

  private int compareNames(int a, int b) {
    return Arrays.compareUnsigned(
        names[a],
        bounds[a * FIELDS + NAME_FROM],
        bounds[a * FIELDS + NAME_TO],
        names[b],
        bounds[b * FIELDS + NAME_FROM],
        bounds[b * FIELDS + NAME_TO]);
  }

  /** Compares the name of the label at a sorted position with another name, byte by byte. */
  int compareName(int position, byte[] name) {
    return Arrays.compareUnsigned(
        nameSource(position), nameFrom(position), nameTo(position), name, 0, name.length);
  }

  /** Whether the labels at a sorted position and at the next have the same name. */
  boolean sameNameAsNext(int position) {
    return position + 1 < size && compareNames(order[position], order[position + 1]) == 0;
  }

  byte[] nameSource(int position) {
    return names[order[position]];
  }

  int nameFrom(int position) {
    return bounds[order[position] * FIELDS + NAME_FROM];
  }

  int nameTo(int position) {
    return bounds[order[position] * FIELDS + NAME_TO];
  }

  byte[] valueSource(int position) {
    return values[order[position]];
  }

  int valueFrom(int position) {
    return bounds[order[position] * FIELDS + VALUE_FROM];
  }

  int valueTo(int position) {
    return bounds[order[position] * FIELDS + VALUE_TO];
  }
}
