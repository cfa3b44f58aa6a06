package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockBuilder;
import dev.pushgateway.block.FamilyBuffers;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.block.LabelMerger;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.protobuf.MetricReader;
import dev.pushgateway.protobuf.ProtobufMetrics;
import dev.pushgateway.protobuf.ProtobufReader;
import dev.pushgateway.protobuf.ProtobufSchema;
import dev.pushgateway.protobuf.ProtobufTags;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses a pushed body of delimited {@code io.prometheus.client.MetricFamily} messages.
 *
 * <p>Most metrics are a counter, a gauge or an untyped metric with nothing but its number. Their
 * labels and number go straight from the body into a line of text. All other metrics are decoded.
 * Their bytes are kept unchanged, including fields that this gateway does not know.
 */
public final class ProtobufParser implements ExpositionParser {
  /** The length of a message with only a number: a tag and eight bytes. */
  private static final int PLAIN_NUMBER_LENGTH = 1 + Double.BYTES;

  /**
   * Limits the text of summaries and histograms to this length, plus {@link #MAX_TEXT_FACTOR} bytes
   * for each byte of the body. The labels stand once in the message but in each line of text.
   * Without a limit, a short message could become any amount of text.
   */
  private static final long MAX_TEXT_BYTES = 64 << 20;

  private static final long MAX_TEXT_FACTOR = 16;

  /** The cost of a family beside its metrics, as bytes of text: name, table entry, block. */
  private static final int FAMILY_BYTES = 200;

  /**
   * The cost of a decoded message, as a multiple of its length. A decoded message takes up to 15
   * times its length; the allowance reckons three copies of each byte.
   */
  private static final long DECODED_GROWTH = 5;

  /** The maximum length of a metric that is more than a number. 10,000 buckets take much less. */
  private static final int MAX_METRIC_BYTES = 1 << 20;

  /** The limit for bodies of any length: a block must fit into an array. */
  private static final long MOST_TEXT_BYTES = 1 << 30;

  /**
   * The cost of a number beside twice the length of its message: a third of the space for its
   * positions.
   */
  private static final int NUMBER_BYTES = 32;

  /** The length of a line beside name and labels: suffix, extra label, value. */
  private static final int LINE_OVERHEAD = 64;

  /** The maximum length of a series in an error message, in bytes. */
  private static final int MAX_SERIES_LENGTH = 500;

  private static final byte[] EMPTY = {};

  private final boolean utf8Names;
  private final FamilyBuffers.Pool pool = new FamilyBuffers.Pool();
  private final ProtobufReader in = new ProtobufReader();
  private final ByteArray fields = new ByteArray(256);
  private byte[] body = EMPTY;
  private PushContext context;
  private LabelMerger merger;
  private GroupingRuns.Recent runs;
  private boolean familyHasTimestamps;
  private long textBytesLeft;

  /** The bytes that the allowance has granted and that are not yet used. */
  private long allowedBytes;

  private int longestMetric;

  /** The length of the grouping labels in each line of text, in bytes. */
  private long groupingLength;

  private record Family(FamilyBlock block, boolean hasTimestamps) {}

  private record Header(String name, MetricType type, String help, String unit) {}

  /**
   * Creates a parser.
   *
   * @param utf8Names whether label names may be any UTF-8 text
   */
  public ProtobufParser(boolean utf8Names) {
    this.utf8Names = utf8Names;
  }

  /**
   * Parses one body. If a family comes twice, the last one replaces the first, in its place.
   *
   * @throws ExpositionException at the first invalid message, with its number from 1 and the offset
   *     of the error in the body from 0
   */
  @Override
  public ParsedPush parse(byte[] body, int from, int to, PushContext context)
      throws ExpositionException {
    this.context = context;
    this.allowedBytes = TextAllowance.STEP_BYTES;
    this.longestMetric = 0;
    this.body = body;
    this.groupingLength = context.grouping().encodedLength();
    this.merger = new LabelMerger(context.grouping());
    this.runs = new GroupingRuns.Recent(context.grouping());
    long textBytes = MAX_TEXT_BYTES + MAX_TEXT_FACTOR * (to - from);
    textBytesLeft = Math.min(textBytes, MOST_TEXT_BYTES);
    in.reset(body, from, to);
    try {
      return parseMessages();
    } finally {
      this.body = EMPTY;
      this.context = null;
      this.merger = null;
      this.runs = null;
      in.reset(EMPTY, 0, 0);
    }
  }

  private ParsedPush parseMessages() throws ExpositionException {
    Map<String, Family> families = new LinkedHashMap<>();
    while (in.hasMore()) {
      in.nextMessage();
      FamilyBlock block = parseFamily();
      families.put(block.name(), new Family(block, familyHasTimestamps));
    }
    List<FamilyBlock> blocks = new ArrayList<>(families.size());
    boolean hasTimestamps = false;
    for (Family family : families.values()) {
      blocks.add(family.block());
      hasTimestamps |= family.hasTimestamps();
    }
    return new ParsedPush(blocks, hasTimestamps);
  }

  /** Parses one message in two passes, because name and type may come after the metrics. */
  private FamilyBlock parseFamily() throws ExpositionException {
    int messageAt = in.position();
    int outerLimit = in.enter();
    int start = in.position();
    Header header = parseHeader(messageAt);
    takeText(FAMILY_BYTES, messageAt);
    in.position(start);
    familyHasTimestamps = false;
    RepeatedFamily repeated = repeated(header);
    FamilyBlockBuilder builder = repeated == null ? builder(header) : null;
    while (in.hasMore()) {
      int tag = in.readTag();
      if (tag != ProtobufTags.FAMILY_METRIC) {
        in.skip(tag);
      } else if (builder != null) {
        parseMetric(builder);
      } else if (!isTaken(header, repeated)) {
        builder = replayed(header, repeated);
        parseMetric(builder);
      }
    }
    in.leave(outerLimit);
    if (builder == null && repeated.isComplete()) {
      return repeated.build(header.help());
    }
    return builder == null ? replayed(header, repeated).build() : builder.build();
  }

  private FamilyBlockBuilder replayed(Header header, RepeatedFamily repeated) {
    FamilyBlockBuilder builder = builder(header);
    repeated.replay(builder);
    return builder;
  }

  /** Returns the stored family that this family may repeat; {@code null} if there is none. */
  private RepeatedFamily repeated(Header header) {
    FamilyBlock before = context.known().named(header.name());
    boolean suits = before != null && before.type() == header.type() && header.unit() == null;
    return suits ? RepeatedFamily.of(before, runs, pool) : null;
  }

  /**
   * Takes the next metric if it repeats the stored one.
   *
   * @return whether it did; if not, the metric is still to be read
   */
  private boolean isTaken(Header header, RepeatedFamily repeated) throws ExpositionException {
    int at = in.position();
    int length = in.skipLengthDelimited();
    int end = in.position();
    if (repeated.takeMessage(body, end - length, end)) {
      takeNumber(header.name(), length, at);
      return true;
    }
    in.position(at);
    return false;
  }

  private FamilyBlockBuilder builder(Header header) {
    FamilyBlockBuilder builder =
        new FamilyBlockBuilder(header.name(), context.grouping(), merger, pool, utf8Names);
    builder.type(header.type());
    builder.help(header.help());
    builder.unit(header.unit());
    return builder;
  }

  private Header parseHeader(int messageAt) throws ExpositionException {
    String name = "";
    String help = null;
    String unit = null;
    MetricType type = MetricType.COUNTER;
    while (in.hasMore()) {
      int tag = in.readTag();
      switch (tag) {
        case ProtobufTags.FAMILY_NAME -> name = readUtf8("name");
        case ProtobufTags.FAMILY_HELP -> help = readUtf8("help");
        case ProtobufTags.FAMILY_UNIT -> unit = readUtf8("unit");
        case ProtobufTags.FAMILY_TYPE -> {
          // An unknown type counts as an unknown field.
          MetricType told = MetricType.ofNumber((int) in.readVarint());
          type = told == null ? type : told;
        }
        case ProtobufTags.FAMILY_METRIC -> in.skipLengthDelimited();
        default -> in.skipUnknown(tag, ProtobufSchema.FAMILY);
      }
    }
    if (name.isEmpty()) {
      throw in.fault(messageAt, "metric family has no name");
    }
    return new Header(name, type, help, unit);
  }

  private String readUtf8(String what) throws ExpositionException {
    int length = in.skipLengthDelimited();
    int from = in.position() - length;
    if (!Utf8.isValid(body, from, in.position())) {
      throw in.fault(from, what + " of metric family is not UTF-8");
    }
    return new String(body, from, length, StandardCharsets.UTF_8);
  }

  private void parseMetric(FamilyBlockBuilder builder) throws ExpositionException {
    int outerLimit = in.enter();
    int start = in.position();
    LabelBuffer labels = builder.labels();
    labels.clear();
    int plainTag = builder.type().isNumber() ? ProtobufMetrics.numberTag(builder.type()) : -1;
    boolean plain = false;
    double value = 0;
    while (in.hasMore()) {
      int tag = in.readTag();
      if (tag == ProtobufTags.METRIC_LABEL) {
        parseLabel(labels);
      } else if (tag == plainTag && !plain && isPlainNumber()) {
        // Usual case: one number and nothing else.
        in.readVarint();
        in.readTag();
        value = in.readDouble();
        plain = true;
      } else {
        in.position(start);
        parseRich(builder);
        in.leave(outerLimit);
        return;
      }
    }
    in.leave(outerLimit);
    if (plain) {
      takeNumber(builder.name(), in.position() - start, start);
      builder.addNumber(value, false);
    } else {
      refuse(builder);
    }
  }

  /**
   * Takes memory for a number: the same whether the metric repeats one or not. Escapes can double
   * the length of labels.
   */
  private void takeNumber(String name, int messageLength, int metricAt) throws ExpositionException {
    takeText(NUMBER_BYTES + name.length() + groupingLength + 2L * messageLength, metricAt);
  }

  /** Returns whether a message with a length before it comes next, and holds only a number. */
  private boolean isPlainNumber() {
    int at = in.position();
    return in.left() > PLAIN_NUMBER_LENGTH
        && body[at] == PLAIN_NUMBER_LENGTH
        && body[at + 1] == ProtobufTags.NUMBER_VALUE;
  }

  private void parseLabel(LabelBuffer labels) throws ExpositionException {
    int outerLimit = in.enter();
    int nameFrom = 0;
    int nameTo = 0;
    int valueFrom = 0;
    int valueTo = 0;
    while (in.hasMore()) {
      int tag = in.readTag();
      if (tag == ProtobufTags.LABEL_NAME) {
        int length = in.skipLengthDelimited();
        nameTo = in.position();
        nameFrom = nameTo - length;
      } else if (tag == ProtobufTags.LABEL_VALUE) {
        int length = in.skipLengthDelimited();
        valueTo = in.position();
        valueFrom = valueTo - length;
      } else {
        in.skipUnknown(tag, ProtobufSchema.LABEL);
      }
    }
    in.leave(outerLimit);
    labels.add(body, nameFrom, nameTo, body, valueFrom, valueTo);
  }

  /** Parses a metric from its start. Keeps all fields except labels and timestamp. */
  private void parseRich(FamilyBlockBuilder builder) throws ExpositionException {
    int metricAt = in.position();
    if (in.left() > MAX_METRIC_BYTES) {
      throw in.fault(
          metricAt,
          String.format(
              "a metric of %d bytes that is more than a number; %d are allowed",
              in.left(), MAX_METRIC_BYTES));
    }
    takeDecoded(in.left(), metricAt);
    LabelBuffer labels = builder.labels();
    labels.clear();
    fields.length = 0;
    MetricReader decoder = new MetricReader();
    while (in.hasMore()) {
      int fieldAt = in.position();
      int tag = in.readTag();
      if (tag == ProtobufTags.METRIC_LABEL) {
        parseLabel(labels);
        continue;
      }
      decoder.readField(tag, in);
      if (tag == ProtobufTags.METRIC_TIMESTAMP_MILLIS) {
        familyHasTimestamps = true;
      } else {
        fields.add(body, fieldAt, in.position());
      }
    }
    Metric.Value value = decoder.value(builder.type());
    if (value == null) {
      refuse(builder);
      return;
    }
    if (value instanceof Metric.Histogram histogram && histogram.hasNegativeCount()) {
      throw in.fault(metricAt, "histogram " + series(builder) + " has a negative count");
    }
    checkTextLength(builder, decoder.maxLines(), metricAt);
    builder.addRich(value, fields.bytes, 0, fields.length, false);
  }

  /**
   * Takes memory for a decoded message. Only one is in memory at a time, so only the longest
   * counts.
   */
  private void takeDecoded(int length, int metricAt) throws ExpositionException {
    if (length > longestMetric) {
      takeText(DECODED_GROWTH * (length - longestMetric), metricAt);
      longestMetric = length;
    }
  }

  private void checkTextLength(FamilyBlockBuilder builder, long lines, int metricAt)
      throws ExpositionException {
    long lineLength = LINE_OVERHEAD + builder.name().length() + labelsLength(builder.labels());
    textBytesLeft -= lines * lineLength;
    if (textBytesLeft < 0) {
      throw in.fault(
          metricAt,
          String.format(
              "metric %s has %d samples whose labels would make more text than a push may have",
              series(builder), lines));
    }
    takeText(lines * lineLength + fields.length, metricAt);
  }

  private void takeText(long bytes, int metricAt) throws ExpositionException {
    allowedBytes -= bytes;
    if (allowedBytes >= 0) {
      return; // Usual case.
    }
    long more = Math.max(TextAllowance.STEP_BYTES, -allowedBytes);
    if (!context.allowance().take(more)) {
      throw in.fault(metricAt, "there is not enough memory for the text of this metric");
    }
    allowedBytes += more;
  }

  private long labelsLength(LabelBuffer labels) {
    long length = groupingLength;
    for (int i = 0; i < labels.size(); i++) {
      length += labels.nameTo(i) - labels.nameFrom(i) + labels.valueTo(i) - labels.valueFrom(i) + 4;
    }
    return length;
  }

  /**
   * Leaves out a metric without a value of the family's type, and notes that as the family's
   * problem.
   */
  private void refuse(FamilyBlockBuilder builder) {
    String type = builder.type().words();
    String article = builder.type() == MetricType.UNTYPED ? "" : "a ";
    builder.problem("metric " + series(builder) + " is not " + article + type);
  }

  /** Returns the pushed series, cut if it is long. */
  private static String series(FamilyBlockBuilder builder) {
    LabelBuffer labels = builder.labels();
    labels.sort();
    ByteArray text = new ByteArray(64);
    text.add(TextLines.utf8(builder.name()));
    text.add('{');
    for (int i = 0; i < labels.size() && text.length < MAX_SERIES_LENGTH; i++) {
      if (i > 0) {
        text.add(',');
      }
      TextLines.addName(text, labels.nameSource(i), labels.nameFrom(i), labels.nameTo(i));
      TextLines.addLabelValue(text, labels.valueSource(i), labels.valueFrom(i), labels.valueTo(i));
    }
    text.add('}');
    boolean isLong = text.length > MAX_SERIES_LENGTH;
    int length = isLong ? MAX_SERIES_LENGTH : text.length;
    return new String(text.bytes, 0, length, StandardCharsets.UTF_8) + (isLong ? "…" : "");
  }
}
