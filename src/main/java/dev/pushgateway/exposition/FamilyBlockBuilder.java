package dev.pushgateway.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes a {@link FamilyBlock}: takes the metrics of one family one by one, puts the grouping labels
 * in place, encodes, and sorts them in the end.
 *
 * <p>For each metric: fill {@link #labels()}, then call one of the {@code add} methods. What breaks
 * the rules of an exposition (a label twice, a value of the wrong type, …) is taken all the same
 * and noted as the block's {@link FamilyBlock#problem()}; the store decides what that means.
 *
 * <p>Not thread-safe; for one family.
 */
final class FamilyBlockBuilder {
  private static final String QUANTILE = "quantile";
  private static final String LE = "le";

  /** What a finished block consists of; filled by {@link #build()}. */
  static final class Parts {
    String name;
    MetricType type;
    String help;
    String unit;
    int size;
    byte[] text;
    byte[] truth;
    int[] textStarts;
    int[] truthStarts;
    int labelCount;
    int[] labelCounts;
    long firstHash;
    long[] hashes;
    boolean legacyNames;
    String problem;
  }

  private final String name;
  private final byte[] nameBytes;
  private final boolean legacyName;
  private final GroupingLabels grouping;
  private final LabelMerger merger;
  private final LabelBuffer labels;
  private final boolean utf8Names;
  private final long nameHash;

  private MetricType type;
  private String help;
  private String unit;
  private String problem;
  private boolean legacyNames;
  private boolean sorted = true;
  private boolean rich;

  private final ByteArray text = new ByteArray(256);
  private final ByteArray truth = new ByteArray(0);

  /** The labels of the metric at hand, {@code a="1",b="2"}. */
  private ByteArray encodedLabels;

  /** The labels of the metric at hand, as fields of a {@code Metric} message; rich ones only. */
  private final ByteArray messageLabels = new ByteArray(0);

  private int currentLabelCount;

  /** The layout of the labels of the metric before the one at hand; -1 if there is none. */
  private int previousLayout = -1;

  private int layout = -1;

  /** Whether the metric at hand and the one before have the same label names. */
  private boolean previousHasSameNames;

  /** Whether all metrics so far have the same label names. */
  private boolean sameNames = true;

  private int size;
  private int[] textStarts = new int[4];
  private int[] truthStarts = new int[0];
  private int[] labelCounts = new int[4];
  private int[] labelsStarts = new int[4];
  private int[] labelsEnds = new int[4];
  private long[] hashes = new long[4];

  /**
   * Begins a family.
   *
   * @param utf8Names whether label names may be any UTF-8 text
   */
  FamilyBlockBuilder(String name, GroupingLabels grouping, boolean utf8Names) {
    this(name, grouping, new LabelMerger(grouping), utf8Names);
  }

  /**
   * Begins a family.
   *
   * @param merger of the same grouping labels; shared by builders that get their metrics in turn
   */
  FamilyBlockBuilder(String name, GroupingLabels grouping, LabelMerger merger, boolean utf8Names) {
    this.name = name;
    this.nameBytes = TextLines.utf8(name);
    this.merger = merger;
    this.labels = merger.labels();
    this.legacyName = Names.isLegacyMetricName(name);
    this.legacyNames = legacyName;
    this.grouping = grouping;
    this.utf8Names = utf8Names;
    this.nameHash = SeriesHash.hash(nameBytes, 0, nameBytes.length, 0);
  }

  String name() {
    return name;
  }

  /** The type, or {@code null} as long as it is not known. */
  MetricType type() {
    return type;
  }

  /** Sets the type, which must happen before the first metric. */
  void type(MetricType newType) {
    type = newType;
  }

  String help() {
    return help;
  }

  void help(String newHelp) {
    help = newHelp;
  }

  void unit(String newUnit) {
    unit = newUnit;
  }

  int size() {
    return size;
  }

  /** Notes why the family cannot be exposed; of several reasons the first is kept. */
  void problem(String reason) {
    if (problem == null) {
      problem = reason;
    }
  }

  /** The labels of the next metric; cleared by whoever fills it. */
  LabelBuffer labels() {
    return labels;
  }

  /**
   * Adds a counter, a gauge or an untyped metric that is nothing but a number.
   *
   * @param escaped whether the values in {@link #labels()} are escaped as in the text format
   */
  void addNumber(double value, boolean escaped) {
    long bits = Double.doubleToRawLongBits(value);
    boolean lossy = value == 0 ? bits != 0 : value != value && !isTextNan(bits);
    if (rich || lossy) {
      addRich(new Metric.Number(value), escaped);
      return;
    }
    encodeLabels(escaped, false);
    startMetric();
    addNumberLine(value);
  }

  private static boolean isTextNan(long bits) {
    return bits == Numbers.GO_NAN_BITS || bits == Double.doubleToRawLongBits(Double.NaN);
  }

  /** Adds a metric that is more than a number, or whose number the text format cannot tell. */
  void addRich(Metric.Value value, boolean escaped) {
    ByteArray fields = new ByteArray(64);
    ProtobufMetrics.encodeValue(value, type, fields);
    addRich(value, fields.bytes, 0, fields.length, escaped);
  }

  /**
   * Adds a metric whose value is there as protobuf, too.
   *
   * @param fields bytes {@code [from, to)} hold the fields of the {@code Metric} message other than
   *     labels; kept as they are, also those this gateway does not know
   */
  void addRich(Metric.Value value, byte[] fields, int from, int to, boolean escaped) {
    if (!rich) {
      enrichWhatIsThere();
      rich = true;
    }
    encodeLabels(escaped, true);
    startMetric();
    addTruth(fields, from, to);
    addLines(value);
  }

  /** Gives the metrics that came before the first rich one their truth. */
  private void enrichWhatIsThere() {
    truthStarts = new int[textStarts.length];
    if (size == 0) {
      return;
    }
    FamilyBlock soFar = new FamilyBlock(parts());
    for (int i = 0; i < size; i++) {
      Metric metric = soFar.metric(i);
      truthStarts[i] = truth.length;
      ProtobufMetrics.encodeDelimited(metric, type, truth);
    }
  }

  private void addTruth(byte[] fields, int from, int to) {
    truthStarts[size - 1] = truth.length;
    ProtobufMetrics.addVarint(truth, messageLabels.length + to - from);
    truth.add(messageLabels.bytes, 0, messageLabels.length);
    truth.add(fields, from, to);
  }

  /** Merges pushed and grouping labels, both sorted, into {@link #encodedLabels}. */
  private void encodeLabels(boolean escaped, boolean message) {
    layout = merger.merge();
    encodedLabels = merger.encode(escaped);
    currentLabelCount = merger.labelCount();
    if (layout != previousLayout) {
      legacyNames &= merger.hasLegacyNames();
      checkNames();
    }
    if (!escaped) {
      checkValues();
    }
    if (message) {
      encodeMessageLabels(escaped);
    }
  }

  private void encodeMessageLabels(boolean escaped) {
    messageLabels.length = 0;
    for (int i = 0; i < currentLabelCount; i++) {
      int step = merger.step(i);
      if (step < 0) {
        byte[] labelName = grouping.name(~step);
        byte[] value = grouping.value(~step);
        ProtobufMetrics.addLabel(
            messageLabels, labelName, 0, labelName.length, value, 0, value.length);
      } else {
        addPushedMessageLabel(step, escaped);
      }
    }
  }

  private void addPushedMessageLabel(int i, boolean escaped) {
    byte[] value = labels.valueSource(i);
    int from = labels.valueFrom(i);
    int to = labels.valueTo(i);
    byte[] raw = escaped ? unescape(value, from, to) : value;
    ProtobufMetrics.addLabel(
        messageLabels,
        labels.nameSource(i),
        labels.nameFrom(i),
        labels.nameTo(i),
        raw,
        escaped ? 0 : from,
        escaped ? raw.length : to);
  }

  /** Looks for what depends on names alone, and so holds for all metrics of one layout. */
  private void checkNames() {
    for (int i = 0; i < currentLabelCount; i++) {
      int step = merger.step(i);
      if (step >= 0) {
        checkLabel(step, labels.nameSource(step), labels.nameFrom(step), labels.nameTo(step));
      }
    }
    if (!labels.hasDuplicate()) {
      return;
    }
    for (int i = 0; i < labels.size(); i++) {
      if (labels.sameNameAsNext(i)) {
        problem(
            "metric "
                + currentSeries()
                + " has two or more labels with the same name: "
                + label(i));
      }
    }
  }

  private void checkValues() {
    for (int i = 0; i < currentLabelCount; i++) {
      int step = merger.step(i);
      if (step >= 0
          && !Utf8.isValid(
              labels.valueSource(step), labels.valueFrom(step), labels.valueTo(step))) {
        problem("metric " + name + " has a label " + label(step) + " whose value is not UTF-8");
      }
    }
  }

  private void checkLabel(int i, byte[] labelName, int from, int to) {
    boolean reserved = to - from >= 2 && labelName[from] == '_' && labelName[from + 1] == '_';
    if (reserved || !isValidLabelName(labelName, from, to)) {
      problem("metric " + name + " has a label with an invalid name: " + label(i));
    } else if (type == MetricType.SUMMARY && equals(labelName, from, to, QUANTILE)) {
      problem("summary " + name + " must not have a label \"quantile\" of its own");
    } else if (type.isHistogram() && equals(labelName, from, to, LE)) {
      problem("histogram " + name + " must not have a label \"le\" of its own");
    }
  }

  private boolean isValidLabelName(byte[] labelName, int from, int to) {
    if (utf8Names) {
      return to > from && Utf8.isValid(labelName, from, to);
    }
    return TextLines.isLegacyLabelName(labelName, from, to);
  }

  private static boolean equals(byte[] bytes, int from, int to, String word) {
    return to - from == word.length()
        && new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).equals(word);
  }

  private String label(int i) {
    int from = labels.nameFrom(i);
    return '"'
        + new String(labels.nameSource(i), from, labels.nameTo(i) - from, StandardCharsets.UTF_8)
        + '"';
  }

  private static byte[] unescape(byte[] value, int from, int to) {
    byte[] plain = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      byte b = value[i];
      if (b == '\\') {
        b = value[++i];
        b = b == 'n' ? (byte) '\n' : b;
      }
      plain[length++] = b;
    }
    return length == plain.length ? plain : Arrays.copyOf(plain, length);
  }

  private void startMetric() {
    if (size == textStarts.length) {
      int capacity = size * 2;
      textStarts = Arrays.copyOf(textStarts, capacity);
      labelCounts = Arrays.copyOf(labelCounts, capacity);
      labelsStarts = Arrays.copyOf(labelsStarts, capacity);
      labelsEnds = Arrays.copyOf(labelsEnds, capacity);
      hashes = Arrays.copyOf(hashes, capacity);
      if (rich) {
        truthStarts = Arrays.copyOf(truthStarts, capacity);
      }
    }
    textStarts[size] = text.length;
    labelCounts[size] = currentLabelCount;
    previousHasSameNames = layout == previousLayout;
    sameNames &= previousHasSameNames || size == 0;
    previousLayout = layout;
    hashes[size] = SeriesHash.hash(encodedLabels.bytes, 0, encodedLabels.length, nameHash);
    size++;
  }

  /** Adds the lines that tell a value, and compares the metric with the one before it. */
  private void addLines(Metric.Value value) {
    if (value instanceof Metric.Number number) {
      addNumberLine(number.value());
    } else if (value instanceof Metric.Summary summary) {
      addSummaryLines(summary);
    } else if (value instanceof Metric.Histogram histogram) {
      addHistogramLines(histogram);
    }
  }

  private void addSummaryLines(Metric.Summary summary) {
    for (Metric.Quantile quantile : summary.quantiles()) {
      addLine("", QUANTILE, quantile.quantile(), quantile.value());
    }
    addLine("_sum", null, 0, summary.sum());
    addLine("_count", null, 0, unsigned(summary.count()));
  }

  private void addHistogramLines(Metric.Histogram histogram) {
    double count =
        histogram.countFloat() != 0 ? histogram.countFloat() : unsigned(histogram.count());
    boolean infinitySeen = false;
    for (Metric.Bucket bucket : histogram.buckets()) {
      double cumulative =
          bucket.cumulativeCountFloat() != 0
              ? bucket.cumulativeCountFloat()
              : unsigned(bucket.cumulativeCount());
      addLine("_bucket", LE, bucket.upperBound(), cumulative);
      infinitySeen |= bucket.upperBound() == Double.POSITIVE_INFINITY;
    }
    if (!infinitySeen) {
      addLine("_bucket", LE, Double.POSITIVE_INFINITY, count);
    }
    addLine("_sum", null, 0, histogram.sum());
    addLine("_count", null, 0, count);
  }

  private static double unsigned(long count) {
    return count >= 0 ? count : (count >>> 1 | count & 1) * 2.0;
  }

  /** Adds the one line of a number: the hot path. */
  private void addNumberLine(double value) {
    boolean hasLabels = currentLabelCount > 0;
    if (legacyName) {
      text.add(nameBytes);
      if (hasLabels) {
        text.add('{');
      }
    } else {
      TextLines.addLineStart(text, nameBytes, "", hasLabels);
    }
    addFirstLabels();
    TextLines.addLabelsEnd(text, legacyName, hasLabels);
    text.addNumber(value);
    text.add('\n');
  }

  private void addFirstLabels() {
    labelsStarts[size - 1] = text.length;
    text.add(encodedLabels.bytes, 0, encodedLabels.length);
    labelsEnds[size - 1] = text.length;
    compareWithPrevious();
  }

  private void addLine(String suffix, String extraLabel, double extraValue, double value) {
    boolean hasLabels = currentLabelCount > 0 || extraLabel != null;
    boolean first = text.length == textStarts[size - 1];
    TextLines.addLineStart(text, nameBytes, suffix, hasLabels);
    if (first) {
      addFirstLabels();
    } else {
      text.add(encodedLabels.bytes, 0, encodedLabels.length);
    }
    if (extraLabel != null) {
      addExtraLabel(extraLabel, extraValue);
    }
    TextLines.addLabelsEnd(text, legacyName, hasLabels);
    text.addNumber(value);
    text.add('\n');
  }

  private void addExtraLabel(String extraLabel, double value) {
    if (currentLabelCount > 0) {
      text.add(',');
    }
    text.add(TextLines.utf8(extraLabel));
    text.add('=');
    text.add('"');
    text.addNumber(value);
    text.add('"');
  }

  private void compareWithPrevious() {
    if (!sorted || size == 1) {
      return;
    }
    sorted = compare(size - 2, size - 1) < 0;
  }

  private int compare(int a, int b) {
    int[] starts = labelsStarts;
    int[] ends = labelsEnds;
    if (previousHasSameNames) {
      return SeriesOrder.compareSameNames(text.bytes, starts[a], ends[a], starts[b], ends[b]);
    }
    return SeriesOrder.compare(
        text.bytes, starts[a], labelCounts[a], text.bytes, starts[b], labelCounts[b]);
  }

  private String currentSeries() {
    return name
        + "{"
        + new String(encodedLabels.bytes, 0, encodedLabels.length, StandardCharsets.UTF_8)
        + "}";
  }

  /** The finished block. The builder must not be used any more. */
  FamilyBlock build() {
    if (!sorted) {
      sort();
    }
    return new FamilyBlock(parts());
  }

  private Parts parts() {
    Parts parts = new Parts();
    parts.name = name;
    parts.type = type == null ? MetricType.UNTYPED : type;
    parts.help = help;
    parts.unit = unit;
    parts.size = size;
    parts.text = text.toArray();
    parts.truth = rich ? truth.toArray() : null;
    if (size > 1) {
      parts.textStarts = Arrays.copyOf(textStarts, size);
      parts.truthStarts = rich ? Arrays.copyOf(truthStarts, size) : null;
      parts.hashes = Arrays.copyOf(hashes, size);
    }
    parts.firstHash = hashes[0];
    parts.labelCount = labelCounts[0];
    for (int i = 1; i < size; i++) {
      if (labelCounts[i] != labelCounts[0]) {
        parts.labelCounts = Arrays.copyOf(labelCounts, size);
        break;
      }
    }
    parts.legacyNames = legacyNames;
    parts.problem = problem;
    return parts;
  }

  private void sort() {
    SeriesSorter sorter =
        new SeriesSorter(text.bytes, labelsStarts, labelsEnds, labelCounts, sameNames);
    int[] order = sorter.order(size);
    for (int i = 1; i < size; i++) {
      if (sorter.compare(order[i - 1], order[i]) == 0) {
        problem(
            "metric " + seriesName(order[i]) + " is there twice, with the same name and labels");
        break;
      }
    }
    ByteArray newText = new ByteArray(text.length);
    ByteArray newTruth = new ByteArray(truth.length);
    int[] newTextStarts = new int[size];
    int[] newTruthStarts = new int[rich ? size : 0];
    int[] newLabelCounts = new int[size];
    long[] newHashes = new long[size];
    for (int to = 0; to < size; to++) {
      int from = order[to];
      newTextStarts[to] = newText.length;
      newText.add(text.bytes, textStarts[from], end(textStarts, from, text));
      if (rich) {
        newTruthStarts[to] = newTruth.length;
        newTruth.add(truth.bytes, truthStarts[from], end(truthStarts, from, truth));
      }
      newLabelCounts[to] = labelCounts[from];
      newHashes[to] = hashes[from];
    }
    text.bytes = newText.bytes;
    truth.bytes = newTruth.bytes;
    textStarts = newTextStarts;
    truthStarts = newTruthStarts;
    labelCounts = newLabelCounts;
    hashes = newHashes;
  }

  private int end(int[] starts, int index, ByteArray bytes) {
    return index + 1 < size ? starts[index + 1] : bytes.length;
  }

  private String seriesName(int index) {
    int from = labelsStarts[index];
    int to = labelsEnds[index];
    return name + "{" + new String(text.bytes, from, to - from, StandardCharsets.UTF_8) + "}";
  }
}
