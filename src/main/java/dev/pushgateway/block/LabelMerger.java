package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import java.util.Arrays;

/**
 * Merges the pushed labels of each metric with the grouping labels, and encodes them.
 *
 * <p>The order of the merged labels depends only on the names of the pushed ones. The merger
 * computes it once per layout of the {@link LabelBuffer}. It keeps the text between the pushed
 * values as pieces:
 *
 * <pre>
 *   pushed    b="1",z="2"     grouping   job="x", instance=""
 *   merged    b="1",instance="",job="x",z="2"
 *   pieces    b="  |  ",instance="",job="x",z="  |  "
 * </pre>
 *
 * <p>All families of a body share one merger. Not thread-safe.
 */
public final class LabelMerger {
  private final GroupingLabels grouping;
  private final LabelBuffer labels = new LabelBuffer();

  private int layout = -1;
  private int labelCount;
  private boolean legacyNames;

  /**
   * The merged labels: the sorted position of a pushed label, or {@code ~g} for grouping label g.
   */
  private int[] steps = new int[16];

  private final ByteArray pieces = new ByteArray(64);

  /** The ends of the pieces. Piece n stands before the n-th pushed value. */
  private int[] pieceEnds = new int[16];

  /** The sorted position of the label of the n-th pushed value. */
  private int[] valueAt = new int[16];

  private int valueCount;

  /** The labels of the current metric, {@code a="1",b="2"}. */
  private final ByteArray encoded = new ByteArray(128);

  public LabelMerger(GroupingLabels grouping) {
    this.grouping = grouping;
  }

  /**
   * Returns the pushed labels of the current metric. The caller clears the buffer before filling
   * it.
   */
  public LabelBuffer labels() {
    return labels;
  }

  /**
   * Merges the labels of the current metric.
   *
   * @return the number of the layout; equal numbers mean equal names in the same order
   */
  int merge() {
    int current = labels.sort();
    if (current != layout) {
      layout = current;
      interleave();
    }
    return layout;
  }

  int labelCount() {
    return labelCount;
  }

  boolean hasLegacyNames() {
    return legacyNames;
  }

  /**
   * Returns the merged label at an index: the sorted position of a pushed label, or {@code ~g} for
   * grouping label g.
   */
  int step(int index) {
    return steps[index];
  }

  /**
   * Encodes the merged labels.
   *
   * @param escaped whether the pushed values are escaped already
   */
  ByteArray encode(boolean escaped) {
    ByteArray out = encoded;
    out.length = 0;
    int piece = 0;
    for (int i = 0; i < valueCount; i++) {
      out.add(pieces.bytes, piece, pieceEnds[i]);
      piece = pieceEnds[i];
      int position = valueAt[i];
      byte[] value = labels.valueSource(position);
      if (escaped) {
        out.add(value, labels.valueFrom(position), labels.valueTo(position));
      } else {
        TextLines.addEscaped(
            out, value, labels.valueFrom(position), labels.valueTo(position), true);
      }
    }
    out.add(pieces.bytes, piece, pieces.length);
    return out;
  }

  private void interleave() {
    pieces.length = 0;
    labelCount = 0;
    valueCount = 0;
    legacyNames = true;
    makeRoom(labels.size() + grouping.size());
    int g = 0;
    for (int i = 0; i < labels.size(); i++) {
      int order = -1;
      while (g < grouping.size() && (order = labels.compareName(i, grouping.name(g))) > 0) {
        addGrouping(g++);
      }
      boolean sameName = g < grouping.size() && order == 0;
      if (sameName && !grouping.isWeak(g)) {
        addGrouping(g++);
      } else {
        g += sameName ? 1 : 0;
        addPushed(i);
      }
    }
    while (g < grouping.size()) {
      addGrouping(g++);
    }
  }

  private void makeRoom(int count) {
    if (count > steps.length) {
      steps = Arrays.copyOf(steps, count);
      pieceEnds = Arrays.copyOf(pieceEnds, count);
      valueAt = Arrays.copyOf(valueAt, count);
    }
  }

  private void addGrouping(int index) {
    addComma();
    byte[] label = grouping.encoded(index);
    legacyNames &= label[0] != '"';
    pieces.add(label);
    steps[labelCount++] = ~index;
  }

  private void addPushed(int position) {
    addComma();
    int nameAt = pieces.length;
    TextLines.addName(
        pieces, labels.nameSource(position), labels.nameFrom(position), labels.nameTo(position));
    legacyNames &= pieces.bytes[nameAt] != '"';
    pieces.add('=');
    pieces.add('"');
    pieceEnds[valueCount] = pieces.length;
    valueAt[valueCount++] = position;
    pieces.add('"');
    steps[labelCount++] = position;
  }

  private void addComma() {
    if (labelCount > 0) {
      pieces.add(',');
    }
  }
}
