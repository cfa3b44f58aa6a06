package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.block.SeriesOrder;
import dev.pushgateway.protobuf.ProtobufTags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Divides the labels of a stored metric into runs of pushed labels and gaps. A gap is the text
 * before, between or behind the runs; it holds the labels that the grouping key added.
 *
 * <pre>
 *   pushed   {code="200",path="/x"}    grouping   job="x", instance=""
 *   stored   code="200",instance="",job="x",path="/x"
 *            |---run---|------gap------|----run-----|      and an empty gap at either end
 * </pre>
 *
 * <p>All metrics with the same label names have the same runs. Immutable.
 */
final class GroupingRuns {
  private final byte[][] gaps;

  /** The number of labels in each run. */
  private final int[] counts;

  private GroupingRuns(byte[][] gaps, int[] counts) {
    this.gaps = gaps;
    this.counts = counts;
  }

  /**
   * Divides the labels of a block's first metric.
   *
   * @return {@code null} if not all grouping labels are among them
   */
  static GroupingRuns of(FamilyBlock block, GroupingLabels grouping) {
    byte[] text = block.text();
    List<byte[]> gaps = new ArrayList<>();
    int[] counts = new int[block.labelCount(0)];
    int runs = 0;
    int g = 0;
    int at = block.labelsStart(0);
    int gapFrom = at;
    boolean inRun = false;
    for (int i = 0; i < block.labelCount(0); i++) {
      int to = labelEnd(text, at);
      boolean added = g < grouping.size() && isAt(text, at, to, grouping.encoded(g));
      if (!added && !inRun) {
        gaps.add(Arrays.copyOfRange(text, gapFrom, at));
        runs++;
      }
      if (added) {
        gapFrom = inRun ? at - 1 : gapFrom;
        g++;
      } else {
        g += g < grouping.size() && isOverridden(text, at, grouping, g) ? 1 : 0;
        counts[runs - 1]++;
        gapFrom = to;
      }
      inRun = !added;
      at = to + 1;
    }
    gaps.add(Arrays.copyOfRange(text, gapFrom, at - 1));
    return g < grouping.size()
        ? null
        : new GroupingRuns(gaps.toArray(new byte[0][]), Arrays.copyOf(counts, runs));
  }

  /**
   * The runs for the families of one push. Families in a row with the same label names share their
   * runs. If the runs do not suit a family, for example because it has an {@code instance} of its
   * own, no repetition is found.
   */
  static final class Recent {
    private final GroupingLabels grouping;
    private FamilyBlock block;
    private GroupingRuns runs;

    Recent(GroupingLabels grouping) {
      this.grouping = grouping;
    }

    /** Returns the runs of a block whose metrics all have the same label names. */
    GroupingRuns of(FamilyBlock next) {
      if (block == null || !block.hasSameNamesAs(next)) {
        block = next;
        runs = GroupingRuns.of(next, grouping);
      }
      return runs;
    }
  }

  private static int labelEnd(byte[] text, int at) {
    return SeriesOrder.closingQuote(text, SeriesOrder.valueStart(text, at)) + 1;
  }

  private static boolean isAt(byte[] text, int at, int to, byte[] label) {
    return Arrays.equals(text, at, to, label, 0, label.length);
  }

  /**
   * Returns whether a pushed label replaces grouping label {@code g}, the {@code instance} of the
   * gateway.
   */
  private static boolean isOverridden(byte[] text, int at, GroupingLabels grouping, int g) {
    int nameTo = SeriesOrder.valueStart(text, at) - 2;
    return grouping.isWeak(g) && isAt(text, at, nameTo, grouping.name(g));
  }

  /**
   * Compares pushed labels with those of a stored metric. They match if they are in the order of
   * their names, without blanks and without a comma at the end.
   *
   * @param body has the pushed labels with their braces from {@code at} on, and ends at {@code to}
   * @param text has the stored labels at {@code [from, end)}
   * @return the offset behind the pushed labels and their brace; -1 if they differ
   */
  int match(byte[] body, int at, int to, byte[] text, int from, int end) {
    int runs = counts.length;
    if (runs == 0) {
      return isAt(text, from, end, gaps[0]) ? at : -1;
    }
    byte[] tail = gaps[runs];
    int pushed = at;
    int stored = from;
    for (int run = 0; run < runs; run++) {
      byte[] gap = gaps[run];
      int runFrom = stored + gap.length;
      if (runFrom > end || !isAt(text, stored, runFrom, gap)) {
        return -1;
      }
      boolean isLast = run + 1 == runs;
      stored = isLast ? end - tail.length : skip(text, runFrom, counts[run]);
      int length = stored - runFrom;
      if (length < 0 || length > to - pushed - 2 || body[pushed] != (run == 0 ? '{' : ',')) {
        return -1;
      }
      pushed++;
      if (!Arrays.equals(body, pushed, pushed + length, text, runFrom, stored)) {
        return -1;
      }
      pushed += length;
    }
    return body[pushed] == '}' && isAt(text, stored, end, tail) ? pushed + 1 : -1;
  }

  /**
   * Compares labels like {@link #match}, for pushed labels that are fields of a {@code Metric}
   * message.
   *
   * @param body has the message from {@code at} on, and the message ends at {@code to}
   * @return the offset behind the labels; -1 if they differ
   */
  int matchMessage(byte[] body, int at, int to, byte[] text, int from, int end) {
    int pushed = at;
    int stored = from;
    for (int run = 0; run < counts.length; run++) {
      byte[] gap = gaps[run];
      int runFrom = stored + gap.length;
      if (runFrom > end || !isAt(text, stored, runFrom, gap)) {
        return -1;
      }
      stored = runFrom;
      for (int i = 0; i < counts[run]; i++) {
        stored += i == 0 ? 0 : 1; // The comma.
        int valueFrom = SeriesOrder.valueStart(text, stored);
        int valueTo = plainValueEnd(text, valueFrom);
        pushed = matchLabel(body, pushed, to, text, stored, valueFrom, valueTo);
        if (pushed < 0) {
          return -1;
        }
        stored = valueTo + 1;
      }
    }
    return isAt(text, stored, end, gaps[counts.length]) ? pushed : -1;
  }

  /** Returns the end of the value that starts at {@code from}; -1 if the value has an escape. */
  private static int plainValueEnd(byte[] text, int from) {
    int i = from;
    while (text[i] != '"') {
      if (text[i++] == '\\') {
        return -1;
      }
    }
    return i;
  }

  /**
   * Compares {@code tag length ( tag length name, tag length value )} with a stored label.
   *
   * @return the offset behind the pushed label; -1 if they differ
   */
  private static int matchLabel(
      byte[] body, int at, int to, byte[] text, int nameFrom, int valueFrom, int valueTo) {
    int nameLength = valueFrom - 2 - nameFrom;
    int valueLength = valueTo - valueFrom;
    int length = 4 + nameLength + valueLength;
    if (valueTo < 0 || length > Byte.MAX_VALUE || length > to - at - 2) {
      return -1; // Escaped; or so long that a length takes more than one byte.
    }
    int nameAt = at + 4;
    int valueAt = nameAt + nameLength + 2;
    boolean matches =
        body[at] == ProtobufTags.METRIC_LABEL
            && body[at + 1] == length
            && body[at + 2] == ProtobufTags.LABEL_NAME
            && body[at + 3] == nameLength
            && body[valueAt - 2] == ProtobufTags.LABEL_VALUE
            && body[valueAt - 1] == valueLength
            && Arrays.equals(body, nameAt, nameAt + nameLength, text, nameFrom, valueFrom - 2)
            && Arrays.equals(body, valueAt, valueAt + valueLength, text, valueFrom, valueTo);
    return matches ? valueAt + valueLength : -1;
  }

  private static int skip(byte[] text, int from, int labels) {
    int at = from;
    for (int i = 0; i < labels; i++) {
      at = labelEnd(text, at) + 1;
    }
    return at - 1;
  }

  /**
   * Adds the pushed labels among the stored ones to a buffer.
   *
   * @param from the start of the stored labels in {@code text}
   */
  void addPushed(byte[] text, int from, LabelBuffer labels) {
    int at = from;
    for (int run = 0; run < counts.length; run++) {
      at += gaps[run].length;
      for (int i = 0; i < counts[run]; i++) {
        int valueFrom = SeriesOrder.valueStart(text, at);
        int valueTo = SeriesOrder.closingQuote(text, valueFrom);
        labels.add(text, at, valueFrom - 2, text, valueFrom, valueTo);
        at = valueTo + 2;
      }
      at--;
    }
  }
}
