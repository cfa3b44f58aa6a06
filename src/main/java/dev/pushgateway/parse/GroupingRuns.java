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
 * How the labels of a stored metric divide into those that were pushed and those that the grouping
 * key added: runs of pushed labels, and what stands before, between and behind them.
 *
 * <pre>
 *   pushed   {code="200",path="/x"}    grouping   job="x", instance=""
 *   stored   code="200",instance="",job="x",path="/x"
 *            |---run---|------gap------|----run-----|      and an empty gap at either end
 * </pre>
 *
 * <p>The same for all metrics of a family whose labels have the same names. Immutable.
 */
final class GroupingRuns {
  private final byte[][] gaps;

  /** How many labels are in each run. */
  private final int[] counts;

  private GroupingRuns(byte[][] gaps, int[] counts) {
    this.gaps = gaps;
    this.counts = counts;
  }

  /**
   * Divides the labels of a block's first metric; {@code null} if they do not have all the grouping
   * labels.
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
   * The runs of the families of one push, found once for families in a row whose labels have the
   * same names. A family that they do not fit, as it has an instance of its own, is no repetition.
   */
  static final class Recent {
    private final GroupingLabels grouping;
    private FamilyBlock block;
    private GroupingRuns runs;

    Recent(GroupingLabels grouping) {
      this.grouping = grouping;
    }

    /** As {@link GroupingRuns#of}, for a block of which all metrics have the same label names. */
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

  /** Whether the label is a pushed one that takes the place of a weak grouping label. */
  private static boolean isOverridden(byte[] text, int at, GroupingLabels grouping, int g) {
    int nameTo = SeriesOrder.valueStart(text, at) - 2;
    return grouping.isWeak(g) && isAt(text, at, nameTo, grouping.name(g));
  }

  /**
   * Whether pushed labels are those of a stored metric: in the order of their names, without blanks
   * or a comma at the end.
   *
   * @param body has the pushed labels, braces included, from {@code at} on, and ends at {@code to}
   * @param text has the stored ones at {@code [from, end)}
   * @return where the pushed labels end, behind the brace; -1 if they are others
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
   * As {@link #match}, for labels that are fields of a {@code Metric} message.
   *
   * @param body has the message from {@code at} on, which ends at {@code to}
   * @return where the labels end; -1 if they are others
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

  /** Where the value ends that starts at {@code from}; -1 if some of it is escaped. */
  private static int plainValueEnd(byte[] text, int from) {
    int i = from;
    while (text[i] != '"') {
      if (text[i++] == '\\') {
        return -1;
      }
    }
    return i;
  }

  /** Whether {@code tag length ( tag length name, tag length value )} is a stored label. */
  private static int matchLabel(
      byte[] body, int at, int to, byte[] text, int nameFrom, int valueFrom, int valueTo) {
    int nameLength = valueFrom - 2 - nameFrom;
    int valueLength = valueTo - valueFrom;
    int length = 4 + nameLength + valueLength;
    if (valueTo < 0 || length > Byte.MAX_VALUE || length > to - at - 2) {
      return -1; // Escaped; or longer than usual, so that a length takes more than a byte.
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

  /** Puts the pushed labels among stored ones, from {@code from} on, into a buffer. */
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
