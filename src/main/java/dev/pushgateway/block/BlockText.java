package dev.pushgateway.block;

import dev.pushgateway.bytes.SeriesHash;
import dev.pushgateway.model.Labels;
import java.nio.charset.StandardCharsets;

/**
 * Finds names, labels and numbers in the sample lines that a {@link FamilyBlock} keeps.
 *
 * <pre>
 *   foo{a="1",job="x"} 2.5␊      {"foo.bar",a="1",job="x"} 2.5␊      foo 2.5␊
 *       ^ labels       ^ number             ^ labels       ^ number      ^ both
 * </pre>
 *
 * <p>The lines are in canonical form: one blank, before the number; no timestamps; one way to
 * escape a value.
 */
final class BlockText {
  private BlockText() {}

  static int labelsStart(byte[] text, int line, int labelCount) {
    int at = line;
    if (text[at] == '{') {
      at++;
      return labelCount == 0 ? at : SeriesOrder.closingQuote(text, at + 1) + 2;
    }
    while (text[at] != '{' && text[at] != ' ') {
      at++;
    }
    return at + 1;
  }

  /**
   * Returns the end of the labels that start at {@code from}: before a comma, the brace or a blank.
   */
  static int labelsEnd(byte[] text, int from, int labelCount) {
    int at = from;
    for (int i = 0; i < labelCount; i++) {
      at = SeriesOrder.closingQuote(text, SeriesOrder.valueStart(text, at)) + 2;
    }
    return labelCount == 0 ? at : at - 1;
  }

  static Labels labels(byte[] text, int from, int labelCount) {
    String[] namesAndValues = new String[labelCount * 2];
    int at = from;
    for (int i = 0; i < labelCount; i++) {
      int valueFrom = SeriesOrder.valueStart(text, at);
      int valueTo = SeriesOrder.closingQuote(text, valueFrom);
      namesAndValues[2 * i] =
          text[at] == '"'
              ? TextLines.unescape(text, at + 1, valueFrom - 3)
              : latin(text, at, valueFrom - 2);
      namesAndValues[2 * i + 1] = TextLines.unescape(text, valueFrom, valueTo);
      at = valueTo + 2;
    }
    return Labels.ofSorted(namesAndValues);
  }

  /**
   * Finds the escaped values of the labels that start at {@code from}.
   *
   * @param ranges gets start and end of each value
   */
  static void findLabelValues(byte[] text, int from, int[] ranges) {
    int at = from;
    for (int i = 0; i < ranges.length; i += 2) {
      ranges[i] = SeriesOrder.valueStart(text, at);
      ranges[i + 1] = SeriesOrder.closingQuote(text, ranges[i]);
      at = ranges[i + 1] + 2;
    }
  }

  /** Returns a hash of the names of the labels that start at {@code from}; never 0. */
  static long hashOfNames(byte[] text, int from, int labelCount) {
    long hash = 0;
    int at = from;
    for (int i = 0; i < labelCount; i++) {
      int value = SeriesOrder.valueStart(text, at);
      hash = SeriesHash.hash(text, at, value, hash);
      at = SeriesOrder.closingQuote(text, value) + 2;
    }
    return hash | 1;
  }

  static int countLines(byte[] text, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += text[i] == '\n' ? 1 : 0;
    }
    return count;
  }

  /** Returns text that must be ASCII. */
  static String latin(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
