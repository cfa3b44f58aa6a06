package dev.pushgateway.block;

/**
 * The order of metrics within a family, computed on encoded labels. The Go gateway has the same
 * order: first by the number of labels, then by the label values in the order of the names.
 *
 * <p>If all values are equal, the names decide. The Go gateway leaves that to chance.
 */
public final class SeriesOrder {
  private SeriesOrder() {}

  /**
   * Compares two metrics.
   *
   * @param a text with the labels {@code x="1",y="2"} of one metric at {@code aFrom}
   * @param b text with the labels of the other metric at {@code bFrom}
   */
  static int compare(byte[] a, int aFrom, int aCount, byte[] b, int bFrom, int bCount) {
    if (aCount != bCount) {
      return Integer.compare(aCount, bCount);
    }
    int byName = 0;
    int i = aFrom;
    int j = bFrom;
    for (int label = 0; label < aCount; label++) {
      int aValue = valueStart(a, i);
      int bValue = valueStart(b, j);
      if (byName == 0) {
        byName = java.util.Arrays.compareUnsigned(a, i, aValue, b, j, bValue);
      }
      i = aValue;
      j = bValue;
      while (a[i] == b[j] && a[i] != '"') {
        if (a[i] == '\\') {
          if (a[i + 1] != b[j + 1]) {
            break;
          }
          i++;
          j++;
        }
        i++;
        j++;
      }
      int result = compareHere(a, i, b, j);
      if (result != 0) {
        return result;
      }
      i += 2; // The closing quote and a comma.
      j += 2;
    }
    return byName;
  }

  /**
   * Compares two metrics with the same label names. The first byte that differs is then part of a
   * value, and decides.
   *
   * @param a text with the labels of one metric at {@code [aFrom, aTo)}; the range may include the
   *     rest of the line if the labels differ
   * @param b text with the labels of the other metric at {@code [bFrom, bTo)}
   */
  static int compareSameNames(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
    int at = java.util.Arrays.mismatch(a, aFrom, aTo, b, bFrom, bTo);
    if (at < 0) {
      return 0;
    }
    int escapes = 0;
    while (at > escapes && a[aFrom + at - escapes - 1] == '\\') {
      escapes++;
    }
    if (escapes % 2 != 0) {
      at--; // Both have an escape sequence here, and the sequences differ.
    }
    return compareHere(a, aFrom + at, b, bFrom + at);
  }

  /** Compares the next characters of two values. The end of a value comes before all characters. */
  private static int compareHere(byte[] a, int i, byte[] b, int j) {
    return Integer.compare(unescaped(a, i), unescaped(b, j));
  }

  /** Returns the byte at {@code at} without its escape; -1 for the quote that ends a value. */
  static int unescaped(byte[] text, int at) {
    byte b = text[at];
    if (b == '"') {
      return -1;
    }
    if (b != '\\') {
      return b & 0xFF;
    }
    return text[at + 1] == 'n' ? '\n' : text[at + 1];
  }

  /** Returns where the value of the label at {@code at} starts, behind the opening quote. */
  public static int valueStart(byte[] text, int at) {
    int i = at;
    if (text[i] == '"') {
      i = closingQuote(text, i + 1) + 1;
    }
    while (text[i] != '=') {
      i++;
    }
    return i + 2;
  }

  /** Returns the offset of the quote that ends the string whose content starts at {@code from}. */
  public static int closingQuote(byte[] text, int from) {
    int i = from;
    while (text[i] != '"') {
      i += text[i] == '\\' ? 2 : 1;
    }
    return i;
  }
}
