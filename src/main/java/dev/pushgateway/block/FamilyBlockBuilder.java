package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.NumberReader;
import dev.pushgateway.bytes.SeriesHash;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import dev.pushgateway.protobuf.ProtobufMetrics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds a {@link FamilyBlock} from the metrics of one family. Adds the grouping labels to each
 * metric, encodes the metrics, and sorts them at the end.
 *
 * <p>For each metric, fill {@link #labels()}, then call one of the {@code add} methods. A metric
 * that breaks the rules of an exposition (a label twice, a value of the wrong type, …) is accepted.
 * The builder notes the reason as the block's {@link FamilyBlock#problem()}, and the store decides
 * what to do.
 *
 * <p>Not thread-safe; for one family.
 */
public final class FamilyBlockBuilder {
  private final String name;
  private final GroupingLabels grouping;
  private final LabelMerger merger;
  private final LabelBuffer labels;
  private final long nameHash;
  private final BlockRules rules;
  private final SampleLines lines;

  private MetricType type;
  private String help;
  private String unit;
  private boolean legacyNames;
  private boolean sorted = true;
  private boolean rich;

  private final FamilyBuffers.Pool pool;
  private final FamilyBuffers kept;
  private final ByteArray text;
  private final ByteArray protobuf;

  /** The labels of the current metric, {@code a="1",b="2"}. */
  private ByteArray encodedLabels;

  private int currentLabelCount;

  /** The layout of the labels of the previous metric; -1 if there is none. */
  private int previousLayout = -1;

  private int layout = -1;
  private boolean previousHasSameNames;
  private boolean sameNames = true;
  private int size;

  /**
   * Begins a family.
   *
   * @param utf8Names whether label names may be any UTF-8 text
   */
  public FamilyBlockBuilder(String name, GroupingLabels grouping, boolean utf8Names) {
    this(name, grouping, new LabelMerger(grouping), new FamilyBuffers.Pool(), utf8Names);
  }

  /**
   * Begins a family.
   *
   * @param merger has the same grouping labels; several builders that take turns may share it
   * @param pool provides the buffers and gets them back when the block is built
   */
  public FamilyBlockBuilder(
      String name,
      GroupingLabels grouping,
      LabelMerger merger,
      FamilyBuffers.Pool pool,
      boolean utf8Names) {
    this.pool = pool;
    this.kept = pool.take();
    this.text = kept.text;
    this.protobuf = kept.protobuf;
    this.name = name;
    this.merger = merger;
    this.labels = merger.labels();
    this.legacyNames = Names.isLegacyMetricName(name);
    this.grouping = grouping;
    byte[] nameBytes = TextLines.utf8(name);
    this.nameHash = SeriesHash.hash(nameBytes, 0, nameBytes.length, 0);
    this.rules = new BlockRules(name, merger, utf8Names);
    this.lines = new SampleLines(nameBytes, legacyNames, text);
  }

  public String name() {
    return name;
  }

  /** Returns the type; {@code null} before it is known. */
  public MetricType type() {
    return type;
  }

  /** Sets the type. Call this before adding the first metric. */
  public void type(MetricType newType) {
    type = newType;
    rules.type(newType, grouping);
  }

  public String help() {
    return help;
  }

  public void help(String newHelp) {
    help = newHelp;
  }

  public void unit(String newUnit) {
    unit = newUnit;
  }

  int size() {
    return size;
  }

  /** Notes why the family cannot be exposed. The first reason is kept. */
  public void problem(String reason) {
    rules.addProblem(reason);
  }

  /** Returns the labels of the next metric. The caller clears the buffer before filling it. */
  public LabelBuffer labels() {
    return labels;
  }

  /**
   * Adds a counter, a gauge or an untyped metric that only has a number.
   *
   * @param escaped whether the values in {@link #labels()} are escaped as in the text format
   */
  public void addNumber(double value, boolean escaped) {
    long bits = Double.doubleToRawLongBits(value);
    boolean lossy = value == 0 ? bits != 0 : value != value && !isTextNan(bits);
    if (rich || lossy) {
      addRich(new Metric.Number(value), escaped);
      return;
    }
    encodeLabels(escaped, false);
    startMetric();
    lines.addNumber(value, encodedLabels);
    endMetric();
  }

  private static boolean isTextNan(long bits) {
    return bits == NumberReader.GO_NAN_BITS || bits == Double.doubleToRawLongBits(Double.NaN);
  }

  /** Adds a metric that is more than a number, or whose number does not survive the text format. */
  public void addRich(Metric.Value value, boolean escaped) {
    ByteArray fields = new ByteArray(64);
    ProtobufMetrics.encodeValue(value, type, fields);
    addRich(value, fields.bytes, 0, fields.length, escaped);
  }

  /**
   * Adds a metric whose value exists as protobuf already.
   *
   * @param fields bytes {@code [from, to)} hold the fields of the {@code Metric} message other than
   *     labels. They are kept unchanged, including fields that this gateway does not know.
   */
  public void addRich(Metric.Value value, byte[] fields, int from, int to, boolean escaped) {
    if (!rich) {
      enrichWhatIsThere();
      rich = true;
    }
    encodeLabels(escaped, true);
    startMetric();
    addProtobuf(fields, from, to);
    lines.add(value, encodedLabels);
    endMetric();
  }

  /** Adds the protobuf of the metrics before the first rich one. */
  private void enrichWhatIsThere() {
    kept.makeRoomForProtobuf();
    if (size == 0) {
      return;
    }
    FamilyBlock soFar = new FamilyBlock(pushedFields());
    for (int i = 0; i < size; i++) {
      Metric metric = soFar.metric(i);
      kept.protobufStarts[i] = protobuf.length;
      ProtobufMetrics.encodeDelimited(metric, type, protobuf);
    }
  }

  private void addProtobuf(byte[] fields, int from, int to) {
    kept.protobufStarts[size - 1] = protobuf.length;
    ProtobufMetrics.addVarint(protobuf, kept.messageLabels.length + to - from);
    protobuf.add(kept.messageLabels.bytes, 0, kept.messageLabels.length);
    protobuf.add(fields, from, to);
  }

  /** Merges pushed and grouping labels, both sorted, into {@link #encodedLabels}. */
  private void encodeLabels(boolean escaped, boolean message) {
    layout = merger.merge();
    encodedLabels = merger.encode(escaped);
    currentLabelCount = merger.labelCount();
    if (layout != previousLayout) {
      legacyNames &= merger.hasLegacyNames();
      rules.checkNames(encodedLabels);
    }
    if (!escaped) {
      rules.checkValues();
    }
    if (message) {
      encodeMessageLabels(escaped);
    }
  }

  private void encodeMessageLabels(boolean escaped) {
    kept.messageLabels.length = 0;
    for (int i = 0; i < currentLabelCount; i++) {
      int step = merger.step(i);
      if (step < 0) {
        byte[] labelName = grouping.name(~step);
        byte[] value = grouping.value(~step);
        ProtobufMetrics.addLabel(
            kept.messageLabels, labelName, 0, labelName.length, value, 0, value.length);
      } else {
        addPushedMessageLabel(step, escaped);
      }
    }
  }

  private void addPushedMessageLabel(int i, boolean escaped) {
    byte[] value = labels.valueSource(i);
    int from = labels.valueFrom(i);
    int to = labels.valueTo(i);
    if (escaped) {
      kept.unescaped.length = 0;
      TextLines.addUnescaped(kept.unescaped, value, from, to);
      value = kept.unescaped.bytes;
      from = 0;
      to = kept.unescaped.length;
    }
    ProtobufMetrics.addLabel(
        kept.messageLabels,
        labels.nameSource(i),
        labels.nameFrom(i),
        labels.nameTo(i),
        value,
        from,
        to);
  }

  private void startMetric() {
    kept.makeRoom(size);
    if (rich) {
      kept.makeRoomForProtobuf();
    }
    kept.textStarts[size] = text.length;
    kept.labelCounts[size] = currentLabelCount;
    previousHasSameNames = layout == previousLayout;
    sameNames &= previousHasSameNames || size == 0;
    previousLayout = layout;
    kept.hashes[size] = SeriesHash.hash(encodedLabels.bytes, 0, encodedLabels.length, nameHash);
    size++;
  }

  /** Notes where the labels are, and compares the metric with the previous one. */
  private void endMetric() {
    kept.labelsStarts[size - 1] = lines.labelsFrom();
    kept.labelsEnds[size - 1] = lines.labelsTo();
    if (!sorted || size == 1) {
      return;
    }
    sorted = compare(size - 2, size - 1) < 0;
  }

  private int compare(int a, int b) {
    int[] starts = kept.labelsStarts;
    int[] ends = kept.labelsEnds;
    if (previousHasSameNames) {
      return SeriesOrder.compareSameNames(
          text.bytes, starts[a], ends[a], text.bytes, starts[b], ends[b]);
    }
    return SeriesOrder.compare(
        text.bytes, starts[a], kept.labelCounts[a], text.bytes, starts[b], kept.labelCounts[b]);
  }

  /** Returns the finished block. The builder must not be used afterwards. */
  public FamilyBlock build() {
    FamilyBlock block = new FamilyBlock(sorted ? pushedFields() : sortedFields());
    pool.giveBack(kept);
    return block;
  }

  /** Returns all fields, with the metrics in the order of the push. */
  private BlockFields pushedFields() {
    BlockFields fields = header();
    fields.text = text.toArray();
    fields.protobuf = rich ? protobuf.toArray() : null;
    return fields;
  }

  private boolean hasDifferentLabelCounts() {
    for (int i = 1; !sameNames && i < size; i++) {
      if (kept.labelCounts[i] != kept.labelCounts[0]) {
        return true;
      }
    }
    return false;
  }

  /** Returns all fields except text and protobuf, with the metrics in the order of the push. */
  private BlockFields header() {
    BlockFields fields = new BlockFields();
    fields.name = name;
    fields.type = type == null ? MetricType.UNTYPED : type;
    fields.help = help;
    fields.unit = unit;
    fields.size = size;
    fields.legacyNames = legacyNames;
    fields.sameNames = sameNames;
    fields.problem = rules.problem();
    if (size > 1) {
      fields.textStarts = Arrays.copyOf(kept.textStarts, size);
      fields.protobufStarts = rich ? Arrays.copyOf(kept.protobufStarts, size) : null;
      fields.hashes = Arrays.copyOf(kept.hashes, size);
    }
    if (size > 0) {
      fields.firstHash = kept.hashes[0];
      fields.labelCount = kept.labelCounts[0];
    }
    if (hasDifferentLabelCounts()) {
      fields.labelCounts = Arrays.copyOf(kept.labelCounts, size);
    }
    return fields;
  }

  /** Returns all fields, with the metrics sorted. There are at least two metrics. */
  private BlockFields sortedFields() {
    SeriesSorter sorter =
        new SeriesSorter(
            text.bytes, kept.labelsStarts, kept.labelsEnds, kept.labelCounts, sameNames);
    int[] order = sorter.order(size);
    noteDuplicate(sorter, order);
    BlockFields fields = header();
    fields.text = inOrder(order, text, kept.textStarts, fields.textStarts);
    fields.protobuf =
        rich ? inOrder(order, protobuf, kept.protobufStarts, fields.protobufStarts) : null;
    fields.pushedOrder = new int[size];
    for (int i = 0; i < size; i++) {
      fields.hashes[i] = kept.hashes[order[i]];
      fields.pushedOrder[order[i]] = i;
      if (fields.labelCounts != null) {
        fields.labelCounts[i] = kept.labelCounts[order[i]];
      }
    }
    fields.firstHash = fields.hashes[0];
    fields.labelCount = kept.labelCounts[order[0]];
    return fields;
  }

  private void noteDuplicate(SeriesSorter sorter, int[] order) {
    for (int i = 1; i < size; i++) {
      boolean sameHash = kept.hashes[order[i - 1]] == kept.hashes[order[i]];
      if (sameHash && sorter.compare(order[i - 1], order[i]) == 0) {
        rules.addDuplicate(encodedLabels(order[i]));
        return;
      }
    }
  }

  /**
   * Returns the bytes of all metrics, sorted.
   *
   * @param newStarts gets the new start of each metric
   */
  private byte[] inOrder(int[] order, ByteArray bytes, int[] starts, int[] newStarts) {
    byte[] ordered = new byte[bytes.length];
    int at = 0;
    for (int i = 0; i < size; i++) {
      int from = starts[order[i]];
      int length = end(starts, order[i], bytes) - from;
      System.arraycopy(bytes.bytes, from, ordered, at, length);
      newStarts[i] = at;
      at += length;
    }
    return ordered;
  }

  private int end(int[] starts, int index, ByteArray bytes) {
    return index + 1 < size ? starts[index + 1] : bytes.length;
  }

  private String encodedLabels(int index) {
    int from = kept.labelsStarts[index];
    int to = kept.labelsEnds[index];
    return new String(text.bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
