package dev.pushgateway.block;

import dev.pushgateway.bytes.TextBytes;
import java.util.Arrays;

/**
 * Finds the order of a family's metrics.
 *
 * <p>If all metrics have the same label names, each metric gets a number as its key. The key holds
 * the characters behind the part that all labels have in common, and the index of the metric.
 * Sorting the keys puts nearly all metrics in place. Text is compared only for equal characters. If
 * label names differ, the text of all metrics is compared.
 *
 * <pre>
 *   0 | characters, as many as there is room for | index
 * </pre>
 *
 * <p>1,000 series of random labels take 70 us, 100,000 take 10 ms; comparing their labels would
 * take 15 and 23 times as long (2026-11-23).
 *
 * <p>Not thread-safe; for one family.
 */
final class SeriesSorter {
  private static final int KEY_CHARACTERS = 8;

  /** Stands for the bytes 0xFE and 0xFF alike. A key has no characters behind it. */
  private static final int LAST_CHARACTER = 0xFF;

  private final byte[] text;
  private final int[] starts;
  private final int[] ends;
  private final int[] counts;
  private final boolean sameNames;

  private int[] order = {};

  /**
   * Creates a sorter of metrics whose labels are in {@code text}.
   *
   * @param counts the number of labels of each metric
   */
  SeriesSorter(byte[] text, int[] starts, int[] ends, int[] counts, boolean sameNames) {
    this.text = text;
    this.starts = starts;
    this.ends = ends;
    this.counts = counts;
    this.sameNames = sameNames;
  }

  /**
   * Returns the indexes of the first {@code size} metrics, sorted. Equal metrics keep their order.
   */
  int[] order(int size) {
    order = new int[size];
    if (sameNames) {
      sortByKeys(size);
    } else {
      Arrays.setAll(order, i -> i);
      sort(0, size);
    }
    return order;
  }

  private void sortByKeys(int size) {
    int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    long indexMask = (1L << indexBits) - 1;
    long[] keys = keys(size, indexMask);
    Arrays.sort(keys);
    int runFrom = 0;
    for (int i = 0; i < size; i++) {
      order[i] = (int) (keys[i] & indexMask);
      if (keys[i] >>> indexBits != keys[runFrom] >>> indexBits) {
        sort(runFrom, i);
        runFrom = i;
      }
    }
    sort(runFrom, size);
  }

  private long[] keys(int size, long indexMask) {
    int common = commonLength(size);
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      // Keeps the sign bit 0, as the sort is signed.
      keys[i] = key(starts[i] + common, ends[i]) >>> 1 & ~indexMask | i;
    }
    return keys;
  }

  /**
   * Returns how many bytes all labels have in common at their start. Half an escape is not counted.
   */
  private int commonLength(int size) {
    int first = starts[0];
    int common = ends[0] - first;
    for (int i = 1; i < size && common > 0; i++) {
      int end = Math.min(starts[i] + common, ends[i]);
      int mismatch = Arrays.mismatch(text, first, first + common, text, starts[i], end);
      common = mismatch < 0 ? common : mismatch;
    }
    int backslashes = 0;
    while (backslashes < common && text[first + common - backslashes - 1] == '\\') {
      backslashes++;
    }
    return common - backslashes % 2;
  }

  /**
   * Returns up to eight characters from {@code at} on, a byte each: 0 for the end of a value, else
   * the character plus 1.
   */
  private long key(int at, int end) {
    if (end - at >= KEY_CHARACTERS && TextBytes.isPlainAscii(text, at)) {
      return TextBytes.nextOfEach(text, at);
    }
    long key = 0;
    int i = at;
    int n = 0;
    int character = 0;
    while (n < KEY_CHARACTERS && i < end && character < LAST_CHARACTER) {
      character = Math.min(SeriesOrder.unescaped(text, i) + 1, LAST_CHARACTER);
      key = key << Byte.SIZE | character;
      i += text[i] == '\\' ? 2 : 1;
      n++;
    }
    return n == 0 ? 0 : key << Byte.SIZE * (KEY_CHARACTERS - n);
  }

  /** Sorts a range of the order by the text. Equal metrics keep their order. */
  private void sort(int from, int to) {
    if (to - from < 2) {
      return;
    }
    Integer[] stretch = new Integer[to - from];
    Arrays.setAll(stretch, i -> order[from + i]);
    Arrays.sort(stretch, this::compare);
    for (int i = from; i < to; i++) {
      order[i] = stretch[i - from];
    }
  }

  int compare(int a, int b) {
    if (sameNames) {
      return SeriesOrder.compareSameNames(text, starts[a], ends[a], text, starts[b], ends[b]);
    }
    return SeriesOrder.compare(text, starts[a], counts[a], text, starts[b], counts[b]);
  }
}
