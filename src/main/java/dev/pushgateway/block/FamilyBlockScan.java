package dev.pushgateway.block;

import dev.pushgateway.bytes.MalformedBytesException;
import dev.pushgateway.bytes.SeriesHash;

/**
 * Scans the text of a kept block. Finds again where its metrics start, how many labels they have,
 * and their hashes.
 *
 * <p>Trusts nothing: for any bytes, it either fills in a valid block or reports the error. A line
 * feed ends each line and never stands within one, so no loop runs past the end of the text.
 */
final class FamilyBlockScan {
  private final byte[] text;
  private final int[] textStarts;
  private final int[] labelCounts;
  private final long[] hashes;
  private final long nameHash;
  private boolean legacyLabels = true;

  /** A hash of the label names of the current metric. */
  private long namesHash;

  private long firstNamesHash;
  private boolean sameNames = true;
  private int size;
  private int at;
  private int labelCount;

  FamilyBlockScan(byte[] text, int size, long nameHash) throws MalformedBytesException {
    if (text.length > 0 && text[text.length - 1] != '\n') {
      throw malformed(text.length, "expected a line feed at the end");
    }
    this.text = text;
    this.textStarts = new int[size];
    this.labelCounts = new int[size];
    this.hashes = new long[size];
    this.nameHash = nameHash;
  }

  /** Takes the next line as a metric. */
  void plainMetric() throws MalformedBytesException {
    metric(Integer.MAX_VALUE);
    boolean legacyName = text[textStarts[size - 1]] != '{';
    if (labelCount > 0 || !legacyName) {
      expect('}');
    }
    expect(' ');
    int valueAt = at;
    while (text[at] != '\n') {
      at++;
    }
    if (at == valueAt) {
      throw malformed(at, "expected a value");
    }
    at++;
  }

  /**
   * Takes the next lines as one metric.
   *
   * @param ownLabels the number of labels, without the {@code le} or {@code quantile} that the
   *     first line may have as well
   * @param length in bytes
   */
  void richMetric(int ownLabels, int length) throws MalformedBytesException {
    int end = at + length;
    if (length < 1 || end > text.length || end < 0 || text[end - 1] != '\n') {
      throw malformed(at, "expected " + length + " bytes of lines");
    }
    metric(ownLabels);
    if (labelCount != ownLabels || at > end) {
      throw malformed(at, "expected " + ownLabels + " labels, found " + labelCount);
    }
    at = end;
  }

  /** Reads the name and at most {@code maxLabels} labels. */
  private void metric(int maxLabels) throws MalformedBytesException {
    if (at >= text.length) {
      throw malformed(at, "expected metric " + size + ", found the end");
    }
    textStarts[size] = at;
    boolean hasLabels = lineStart();
    int labelsFrom = at;
    labelCount = 0;
    namesHash = 0;
    while (hasLabels && labelCount < maxLabels) {
      if (labelCount > 0) {
        expect(',');
      }
      label();
      labelCount++;
      hasLabels = text[at] == ',';
    }
    firstNamesHash = size == 0 ? namesHash : firstNamesHash;
    sameNames &= namesHash == firstNamesHash;
    labelCounts[size] = labelCount;
    hashes[size] = SeriesHash.hash(text, labelsFrom, at, nameHash);
    size++;
  }

  /**
   * Moves behind {@code name{} or {@code {"name",}, or behind a name without labels.
   *
   * @return whether labels follow
   */
  private boolean lineStart() throws MalformedBytesException {
    if (text[at] == '{') {
      at++;
      string();
      if (text[at] == ',') {
        at++;
        return true;
      }
      return false;
    }
    while (text[at] != '{' && text[at] != ' ') {
      if (text[at] == '\n') {
        throw malformed(at, "expected '{' or a space");
      }
      at++;
    }
    if (text[at] == ' ') {
      return false;
    }
    at++;
    return true;
  }

  private void label() throws MalformedBytesException {
    int nameAt = at;
    if (text[at] == '"') {
      legacyLabels = false;
      string();
    } else {
      while (text[at] != '=') {
        if (text[at] == '\n') {
          throw malformed(at, "expected '='");
        }
        at++;
      }
    }
    namesHash = SeriesHash.hash(text, nameAt, at, namesHash);
    expect('=');
    string();
  }

  private void string() throws MalformedBytesException {
    expect('"');
    byte b;
    while ((b = text[at]) != '"') {
      if (b == '\\' && text[at + 1] != '\n') {
        at++;
      } else if (b == '\\' || b == '\n') {
        throw malformed(at, "expected a closing quote");
      }
      at++;
    }
    at++;
  }

  private void expect(char c) throws MalformedBytesException {
    if (text[at] != c) {
      throw malformed(at, "expected '" + c + "'");
    }
    at++;
  }

  void finish(BlockFields fields, boolean legacyName) throws MalformedBytesException {
    if (at != text.length) {
      throw malformed(at, "expected the end after " + size + " metrics");
    }
    fields.legacyNames = legacyName && legacyLabels;
    fields.sameNames = sameNames;
    if (size == 0) {
      return;
    }
    fields.firstHash = hashes[0];
    fields.labelCount = labelCounts[0];
    if (size > 1) {
      fields.textStarts = textStarts;
      fields.hashes = hashes;
      fields.labelCounts = allEqual(labelCounts) ? null : labelCounts;
    }
  }

  private static boolean allEqual(int[] numbers) {
    for (int number : numbers) {
      if (number != numbers[0]) {
        return false;
      }
    }
    return true;
  }

  private static MalformedBytesException malformed(int offset, String what) {
    return new MalformedBytesException("text of a family, byte " + offset + ": " + what);
  }
}
