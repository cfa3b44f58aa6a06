package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import java.util.Arrays;

/**
 * Merges the pushed labels of each metric with the grouping labels, and encodes them.
 *
 * <p>How they interleave depends on the names of the pushed labels alone. So it is worked out once
 * per layout of the {@link LabelBuffer}, and kept as what stands before each pushed value:
 *
 * <pre>
 *   pushed    b="1",z="2"     grouping   job="x", instance=""
 *   merged    b="1",instance="",job="x",z="2"
 *   pieces    b="  |  ",instance="",job="x",z="  |  "
 * </pre>
 *
 * <p>One parser shares one merger between all the families of a body. Not thread-safe.
 */
public final class LabelMerger {
  private final GroupingLabels grouping;
  private final LabelBuffer labels = new LabelBuffer();

  private int layout = -1;
  private int labelCount;
  private boolean legacyNames;

  /** The sorted positions of the pushed labels that take part, and {@code ~g} for grouping ones. */
  private int[] steps = new int[16];

  private final ByteArray pieces = new ByteArray(64);

  /** Where the piece before the n-th pushed value ends. */
  private int[] pieceEnds = new int[16];

  /** The sorted position of the n-th pushed value. */
  private int[] valueAt = new int[16];

  private int valueCount;

  /** The labels of the metric at hand, {@code a="1",b="2"}. */
  private final ByteArray encoded = new ByteArray(128);

  public LabelMerger(GroupingLabels grouping) {
    this.grouping = grouping;
  }

  /** The pushed labels of the metric at hand; cleared by whoever fills it. */
  public LabelBuffer labels() {
    return labels;
  }

  /** Merges the labels of the metric at hand; the result stays the layout's number. */
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

  /** What is merged at an index: the sorted position of a pushed label, or {@code ~g}. */
  int step(int index) {
    return steps[index];
  }

  /** Encodes the merged labels; {@code escaped} tells whether the pushed values are so. */
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
