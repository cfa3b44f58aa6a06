package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.NumberReader;
import dev.pushgateway.bytes.NumberWriter;
import dev.pushgateway.bytes.TextBytes;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.protobuf.ProtobufMetrics;
import java.util.Arrays;

/**
 * A metric family as it was pushed under one grouping key, kept as the bytes that a scrape sends.
 *
 * <pre>
 *   text      foo{a="1",instance="",job="x"} 1␊foo{a="2",instance="",job="x"} 2␊
 *             ^start 0                          ^start 1
 *   protobuf  [length][Metric message][length][Metric message]       (rich families only)
 *             ^start 0                ^start 1
 * </pre>
 *
 * <p>Metrics are sorted as the Go gateway sorts them. Labels are sorted and include those of the
 * grouping key and {@code instance}. Counters, gauges and untyped metrics lose nothing in text, so
 * only their text is kept. Summaries, histograms, and numbers with an exemplar or a creation time
 * are <em>rich</em>: their protobuf is kept as well, and the text is derived from it.
 *
 * <p>Immutable, except for a length that is kept once it is known. Callers must not change the
 * arrays that the methods return.
 */
public final class FamilyBlock {
  private final String name;
  private final MetricType type;
  private final String help;
  private final String unit;
  private final int size;
  private final byte[] text;
  private final byte[] protobuf;
  private final int[] textStarts;
  private final int[] protobufStarts;
  private final int labelCount;
  private final int[] labelCounts;
  private final long firstHash;
  private final long[] hashes;
  private final int[] pushedOrder;
  private final boolean legacyNames;

  /** A hash of the label names that all metrics share; 0 if their names differ. */
  private final long namesHash;

  private final String problem;
  private final int seriesCount;

  /** A value kept for {@link ProtobufLines}. Several threads may set it, all to the same length. */
  private int messagesLength;

  FamilyBlock(BlockFields fields) {
    name = fields.name;
    type = fields.type;
    help = fields.help;
    unit = fields.unit;
    size = fields.size;
    text = fields.text;
    protobuf = fields.protobuf;
    textStarts = fields.textStarts;
    protobufStarts = fields.protobufStarts;
    labelCount = fields.labelCount;
    labelCounts = fields.labelCounts;
    firstHash = fields.firstHash;
    hashes = fields.hashes;
    pushedOrder = fields.pushedOrder;
    legacyNames = fields.legacyNames;
    problem = fields.problem;
    namesHash = fields.sameNames && size > 0 ? hashOfNames() : 0;
    seriesCount = type.isNumber() ? size : BlockText.countLines(text, 0, text.length);
  }

  /** Creates a block with the series of another block, other values and its own help text. */
  private FamilyBlock(FamilyBlock before, String help, byte[] text, int[] textStarts) {
    this.help = help;
    this.text = text;
    this.textStarts = textStarts;
    name = before.name;
    type = before.type;
    unit = null;
    size = before.size;
    protobuf = null;
    protobufStarts = null;
    labelCount = before.labelCount;
    labelCounts = before.labelCounts;
    firstHash = before.firstHash;
    hashes = before.hashes;
    pushedOrder = before.pushedOrder;
    legacyNames = before.legacyNames;
    namesHash = before.namesHash;
    problem = null;
    seriesCount = before.seriesCount;
  }

  private long hashOfNames() {
    return BlockText.hashOfNames(text, labelCount == 0 ? 0 : labelsStart(0), labelCount);
  }

  /** Returns a gauge with one metric that has only the given labels. */
  public static FamilyBlock gauge(String name, String help, GroupingLabels labels, double value) {
    FamilyBlockBuilder builder = new FamilyBlockBuilder(name, labels, true);
    builder.type(MetricType.GAUGE);
    builder.help(help);
    builder.addNumber(value, true);
    return builder.build();
  }

  public String name() {
    return name;
  }

  public MetricType type() {
    return type;
  }

  /** Returns the help text; {@code null} if none was pushed. */
  public String help() {
    return help;
  }

  /** Returns the unit; {@code null} if none was pushed. */
  public String unit() {
    return unit;
  }

  /** Returns the number of metrics. A protobuf push may have families without metrics. */
  public int size() {
    return size;
  }

  /**
   * Returns the number of series in a text scrape. A histogram, for example, has one for each
   * bucket.
   */
  public int seriesCount() {
    return seriesCount;
  }

  /**
   * Returns why this family cannot be part of a valid exposition, whatever else is stored; {@code
   * null} if it can. Reasons are a metric given twice, a value of the wrong type or a bad label.
   */
  public String problem() {
    return problem;
  }

  /** Returns whether all names are legacy names, which every reader understands. */
  public boolean hasLegacyNames() {
    return legacyNames;
  }

  /** Returns whether all metrics have the same label names. */
  public boolean hasSameNames() {
    return namesHash != 0;
  }

  /** Returns whether all metrics of this block and of the other one have the same label names. */
  public boolean hasSameNamesAs(FamilyBlock other) {
    return namesHash != 0 && namesHash == other.namesHash;
  }

  /**
   * Returns the index of each metric, in the order of the push; {@code null} if both orders are the
   * same, or the order of the push is not known. The array must not be changed.
   */
  public int[] pushedOrder() {
    return pushedOrder;
  }

  /**
   * Returns a block with the same series and other values, and without a unit. This block must have
   * no problem and must not be rich.
   *
   * @param newText lines with the names and labels of this block
   * @param newStarts where the lines start; {@code null} for a single line
   */
  public FamilyBlock withValues(String newHelp, byte[] newText, int[] newStarts) {
    return new FamilyBlock(this, newHelp, newText, newStarts);
  }

  /**
   * Returns a block with another number for its only series.
   *
   * @param value must survive the text format: not minus zero, for example
   */
  public FamilyBlock withNumber(double value) {
    int valueAt = numberStart(0);
    ByteArray line = new ByteArray(valueAt + NumberWriter.MAX_LENGTH + 1);
    line.add(text, 0, valueAt);
    line.addNumber(value);
    line.add('\n');
    return new FamilyBlock(this, help, line.toArray(), null);
  }

  /** Returns the number of bytes kept, without the overhead of objects. */
  public int encodedLength() {
    return text.length + (protobuf == null ? 0 : protobuf.length);
  }

  /** Returns the sample lines of all metrics. */
  public byte[] text() {
    return text;
  }

  /**
   * Returns where the lines of a metric start in {@link #text()}. They end where the next metric
   * starts.
   *
   * @param index up to {@link #size()}, which gives the end of the text
   */
  public int textStart(int index) {
    return index == size ? text.length : textStarts == null ? 0 : textStarts[index];
  }

  /** Returns the number of lines that a metric has in {@link #text()}. */
  public int lineCount(int index) {
    return BlockText.countLines(text, textStart(index), textStart(index + 1));
  }

  /**
   * Returns the length of a metric in a scrape, in bytes: that of its text, or of its kept protobuf
   * if that is longer.
   */
  public int scrapedLength(int index) {
    int length = textStart(index + 1) - textStart(index);
    return protobuf == null
        ? length
        : Math.max(length, protobufStart(index + 1) - protobufStart(index));
  }

  /** Returns whether the family is rich and has a {@link #protobuf()}. */
  public boolean hasProtobuf() {
    return protobuf != null;
  }

  /**
   * Returns the metrics as delimited {@code io.prometheus.client.Metric} messages; {@code null} if
   * the family is not rich.
   */
  public byte[] protobuf() {
    return protobuf;
  }

  /**
   * Returns where the length of a metric's message starts in {@link #protobuf()}. The message
   * follows.
   */
  public int protobufStart(int index) {
    return index == size ? protobuf.length : protobufStarts == null ? 0 : protobufStarts[index];
  }

  /** Returns the length that {@link ProtobufLines#messagesLength} has kept here; 0 if none. */
  int messagesLength() {
    return messagesLength;
  }

  void messagesLength(int length) {
    messagesLength = length;
  }

  /**
   * Returns a hash of a metric's series: of the family's name and the metric's labels. Valid in
   * this process only. Different series may have the same hash; {@link #isSameSeries} decides.
   */
  public long seriesHash(int index) {
    return hashes == null ? firstHash : hashes[index];
  }

  /**
   * Returns whether both blocks have the same series in the same order. If all hashes are equal,
   * the labels are compared, too. Cheap if one block was made from the other.
   */
  public boolean hasSameSeries(FamilyBlock other) {
    if (size != other.size || !name.equals(other.name)) {
      return false;
    }
    if (hashes != null && hashes == other.hashes) {
      return true; // Usual case: one block was made from the other with new values.
    }
    if (hashes != null && !Arrays.equals(hashes, other.hashes)) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (!isSameSeries(i, other, i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether a metric of this block and one of another are the same series. If the hashes
   * are equal, names and labels are compared, too, which takes some nanoseconds.
   */
  public boolean isSameSeries(int index, FamilyBlock other, int otherIndex) {
    return seriesHash(index) == other.seriesHash(otherIndex)
        && name.equals(other.name)
        && hasSameLabels(index, other, otherIndex);
  }

  private boolean hasSameLabels(int index, FamilyBlock other, int otherIndex) {
    return labelCount(index) == other.labelCount(otherIndex)
        && Arrays.equals(
            text,
            labelsStart(index),
            labelsEnd(index),
            other.text,
            other.labelsStart(otherIndex),
            other.labelsEnd(otherIndex));
  }

  /**
   * Returns the end of the labels in a metric's first line: before a comma, the brace or the space.
   */
  private int labelsEnd(int index) {
    int count = labelCount(index);
    if (count > 0 && type.isNumber()) {
      return numberStart(index) - 2; // Usual case: a brace and a space follow.
    }
    return BlockText.labelsEnd(text, labelsStart(index), count);
  }

  /** Compares metrics of two blocks of one family by their order in a scrape. */
  public int compareSeries(int index, FamilyBlock other, int otherIndex) {
    if (seriesHash(index) == other.seriesHash(otherIndex)
        && hasSameLabels(index, other, otherIndex)) {
      return 0;
    }
    if (hasSameNamesAs(other)) {
      // Usual case. The labels differ, so whole lines can be compared: the text before the labels
      // is equal, and the text behind them is not reached. Halves a first scrape of 1M series
      // (2026-11-23).
      int from = textStart(index);
      int otherFrom = other.textStart(otherIndex);
      return SeriesOrder.compareSameNames(
          text, from, textStart(index + 1), other.text, otherFrom, other.textStart(otherIndex + 1));
    }
    return SeriesOrder.compare(
        text,
        labelsStart(index),
        labelCount(index),
        other.text,
        other.labelsStart(otherIndex),
        other.labelCount(otherIndex));
  }

  public int labelCount(int index) {
    return labelCounts == null ? labelCount : labelCounts[index];
  }

  /** Returns where the labels start in a metric's first line. */
  public int labelsStart(int index) {
    return BlockText.labelsStart(text, textStart(index), labelCount(index));
  }

  /** Returns a series in readable form, for messages: {@code foo{a="1",job="x"}}. */
  public String seriesName(int index) {
    return name + metric(index).labels();
  }

  /** Returns a metric in plain form. */
  public Metric metric(int index) {
    if (protobuf != null) {
      return ProtobufMetrics.decode(protobuf, protobufStart(index), type);
    }
    double value = NumberReader.parse(text, numberStart(index), textStart(index + 1) - 1);
    return new Metric(labels(index), new Metric.Number(value));
  }

  /** Returns the labels of a metric. The family must not be rich. */
  public Labels labels(int index) {
    return BlockText.labels(text, labelsStart(index), labelCount(index));
  }

  /**
   * Finds the escaped label values of a metric in {@link #text()}. The family must not be rich.
   *
   * @param ranges gets start and end of each value; has two elements for each label
   */
  public void findLabelValues(int index, int[] ranges) {
    BlockText.findLabelValues(text, labelsStart(index), ranges);
  }

  /** Returns the number of a metric as a scrape shows it. The family must not be rich. */
  public String number(int index) {
    return BlockText.latin(text, numberStart(index), textStart(index + 1) - 1);
  }

  /**
   * Returns where the number of a metric starts in {@link #text()}. The number ends before the line
   * feed. The family must not be rich.
   */
  public int numberStart(int index) {
    return TextBytes.wordStart(text, textStart(index + 1) - 1);
  }
}
