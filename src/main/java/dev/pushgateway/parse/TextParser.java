package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBuffers;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.NumberReader;
import dev.pushgateway.bytes.TextBytes;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import java.util.Map;

/**
 * Parses a pushed body in text format 0.0.4.
 *
 * <p>One pass over the bytes; each piece of the grammar is a method:
 *
 * <pre>
 *   line     [marks] [blanks] ( comment | sample | nothing ) [blanks] end
 *   comment  # HELP name text | # TYPE name type | # anything
 *   sample   name [ { labels } ] value [timestamp]  |  { labels, one of them a name } value [timestamp]
 *   labels   name = "value" , … with a comma at the end or not, blanks anywhere between
 * </pre>
 *
 * <p>Accepts everything that the Go parser accepts, and everything that Prometheus scrapes. A line
 * may also end with CR LF or with the body. It may have blanks at its end and a byte order mark at
 * its start. HELP and TYPE lines may be repeated or follow the samples. Any name may be in quotes,
 * and so may a part of a name: {@code foo"bar"}.
 *
 * <p>A TYPE line behind samples may change the family of these samples. The body is then parsed
 * again from its start, with all types known.
 *
 * <p>Label values go into the blocks with their escapes. Each value can only be written in one way,
 * so equal values are equal bytes.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
public final class TextParser implements ExpositionParser {
  private static final byte[] NAME_LABEL = TextLines.utf8("__name__");
  private static final byte[] NOTHING = {};

  /**
   * The cost of a sample beside its text and the grouping labels, as bytes of text of which three
   * copies exist. Numbers and blanks may grow by 24 bytes. The other 32 bytes are a third of 96
   * bytes: positions in buffer and block, or a bucket as an object.
   */
  private static final int SAMPLE_BYTES = 56;

  private final boolean utf8Names;
  private final FamilyBuffers.Pool pool = new FamilyBuffers.Pool();

  private final TextCursor in;
  private final TextMemory memory = new TextMemory();
  private final TextHeaders headers;
  private boolean hasTimestamps;
  private TextFamilies families;
  private LabelBuffer labels;

  /** The previous sample. The next one usually has the same name. */
  private TextFamilies.Sample previous;

  private int sampleBytes;

  /** The value of {@code le} or {@code quantile} in this line; NaN if there is none. */
  private double bound;

  /**
   * Creates a parser.
   *
   * @param utf8Names whether quoted metric and label names may be any UTF-8 text
   */
  public TextParser(boolean utf8Names) {
    this.utf8Names = utf8Names;
    in = new TextCursor(utf8Names);
    headers = new TextHeaders(in, memory);
  }

  /**
   * Parses one body of UTF-8.
   *
   * @throws ExpositionException at the first line that breaks the grammar, with line and column
   *     from 1
   */
  @Override
  public ParsedPush parse(byte[] body, int from, int to, PushContext context)
      throws ExpositionException {
    memory.start(context.allowance());
    sampleBytes = SAMPLE_BYTES + context.grouping().encodedLength();
    try {
      in.reset(body, from, to);
      parseLines(context, Map.of());
      if (headers.isLate()) {
        in.reset(body, from, to);
        Map<String, MetricType> types = headers.readTypes();
        in.reset(body, from, to);
        parseLines(context, types);
        assertNotLate();
      }
      return new ParsedPush(families.build(), hasTimestamps);
    } finally {
      in.reset(NOTHING, 0, 0);
      families = null;
      labels = null;
      previous = null;
      memory.start(TextAllowance.UNLIMITED);
    }
  }

  private void parseLines(PushContext context, Map<String, MetricType> types)
      throws ExpositionException {
    memory.startAgain();
    headers.start();
    hasTimestamps = false;
    families = new TextFamilies(context, pool, utf8Names, types);
    labels = families.labels();
    previous = TextFamilies.Sample.NONE;
    while (in.at < in.to) {
      in.startLine();
      parseLine();
    }
  }

  /** Makes sure that no body is taken in part. */
  private void assertNotLate() {
    if (headers.isLate()) {
      throw new IllegalStateException("a TYPE line was not found in advance");
    }
  }

  private void parseLine() throws ExpositionException {
    in.skipBlanks();
    if (in.isLineEnd(in.at)) {
      in.nextLine();
      return;
    }
    switch (in.body[in.at]) {
      case '#' -> headers.parse(families);
      case '{' -> parseSampleInBraces();
      case TextCursor.MARK_START -> parseLineWithMarks();
      default -> parseSample();
    }
  }

  private void parseLineWithMarks() throws ExpositionException {
    int before = in.at;
    in.skipMarks();
    if (in.at == before) {
      throw in.expected(in.at, "a metric name");
    }
    parseLine();
  }

  private void parseSample() throws ExpositionException {
    memory.take(sampleBytes, in);
    TextFamilies.Sample sample = readSampleName();
    int end = sample.repeat(in.body, in.at, in.to);
    if (end >= 0) {
      in.at = Math.min(end + 1, in.to);
      return;
    }
    int nameEnd = in.at;
    in.skipBlanks();
    startLabels();
    if (in.isAt('{')) {
      parseLabels(sample, in.at);
      nameEnd = TextCursor.NO_NAME;
    }
    parseValue(sample, nameEnd);
  }

  private void parseSampleInBraces() throws ExpositionException {
    memory.take(sampleBytes, in);
    families.stopRepeating(); // Overwrites the labels, so it must come first.
    startLabels();
    parseValue(parseLabels(null, in.at), TextCursor.NO_NAME);
  }

  private void startLabels() {
    labels.clear();
    bound = Double.NaN;
  }

  private TextFamilies.Sample readSampleName() throws ExpositionException {
    int end = in.at + previous.length();
    if (end < in.to
        && previous.isAt(in.body, in.at)
        && !TextBytes.is(in.body[end], TextBytes.METRIC_OR_QUOTE)) {
      in.at = end;
      return previous; // Usual case: another sample with this name.
    }
    int nameAt = in.at;
    in.readName(TextBytes.METRIC_START, TextBytes.METRIC);
    if (in.nameFrom == in.nameTo) {
      throw in.expected(nameAt, "a metric name");
    }
    return startSample(nameAt);
  }

  private TextFamilies.Sample startSample(int nameAt) throws ExpositionException {
    TextFamilies.Sample sample = families.named(in, nameAt, memory);
    if (sample.family().type() == null) {
      sample.family().type(MetricType.UNTYPED, false);
    }
    previous = sample;
    return sample;
  }

  /**
   * Parses labels and the braces around them.
   *
   * @param known the sample for the name before the brace; {@code null} if there was none
   * @return {@code known}, or the sample for a name among the labels
   */
  private TextFamilies.Sample parseLabels(TextFamilies.Sample known, int braceAt)
      throws ExpositionException {
    TextFamilies.Sample sample = known;
    in.at++;
    while (true) {
      in.skipBlanks();
      if (in.isAt('}')) {
        break;
      }
      int nameAt = in.at;
      in.readName(TextBytes.LABEL_START, TextBytes.LABEL);
      if (in.nameFrom == in.nameTo) {
        throw in.expected(nameAt, "a label name");
      }
      in.skipBlanks();
      if (in.isAt('=')) {
        parseLabel(sample, nameAt);
      } else {
        sample = nameAmongLabels(sample, known != null, nameAt);
      }
      if (in.body[in.at] == '}') {
        break;
      }
      in.at++;
    }
    in.at++;
    if (sample == null) {
      throw in.error(braceAt, "there is no metric name, neither before the braces nor in them");
    }
    labels.sort();
    int twice = labels.duplicate();
    if (twice > 0) {
      String label =
          TextBytes.quote(labels.nameSource(twice), labels.nameFrom(twice), labels.nameTo(twice));
      throw in.error(braceAt, "label " + label + " is given twice");
    }
    return sample;
  }

  private TextFamilies.Sample nameAmongLabels(
      TextFamilies.Sample sample, boolean nameBefore, int nameAt) throws ExpositionException {
    if (nameBefore) {
      throw in.expected(in.at, "'=' after label name " + in.quotedName());
    }
    if (sample != null) {
      throw in.error(nameAt, "a second metric name " + in.quotedName());
    }
    if (!in.isAt(',') && !in.isAt('}')) {
      throw in.expected(in.at, "',' or '}' after metric name " + in.quotedName());
    }
    TextFamilies.Sample found = startSample(nameAt);
    takeBoundsBefore(found.family().boundName());
    return found;
  }

  /** Removes labels before the name that turn out to be a quantile or a bucket. */
  private void takeBoundsBefore(byte[] boundName) throws ExpositionException {
    if (boundName.length == 0) {
      return;
    }
    for (int i = 0; i < labels.size(); i++) {
      if (labels.isNamed(i, boundName)) {
        bound = parseBound(boundName, labels.addedValueFrom(i), labels.addedValueTo(i));
      }
    }
    labels.remove(boundName);
  }

  /** Parses {@code ="value"} and the blanks behind it, up to the comma or the brace. */
  private void parseLabel(TextFamilies.Sample sample, int nameAt) throws ExpositionException {
    // The builder checks the name. The Go gateway counts an invalid name as a failed push.
    if (in.isName(NAME_LABEL)) {
      throw in.error(nameAt, "label name \"__name__\" is reserved");
    }
    in.at++;
    in.skipBlanks();
    if (!in.isAt('"')) {
      throw in.expected(in.at, "'\"' before the value of label " + in.quotedName());
    }
    int valueFrom = in.at + 1;
    in.skipLabelValue();
    int valueTo = in.at - 1;
    byte[] boundName = sample == null ? NOTHING : sample.family().boundName();
    if (boundName.length > 0 && in.isName(boundName)) {
      bound = parseBound(boundName, valueFrom, valueTo);
    } else {
      labels.add(in.name, in.nameFrom, in.nameTo, in.body, valueFrom, valueTo);
    }
    in.skipBlanks();
    if (!in.isAt(',') && !in.isAt('}')) {
      throw in.expected(in.at, "',' or '}' after the value of label " + in.quotedName());
    }
  }

  private double parseBound(byte[] boundName, int from, int end) throws ExpositionException {
    try {
      return NumberReader.parse(in.body, from, end);
    } catch (NumberFormatException e) {
      throw in.error(
          from,
          "expected a number as value of label "
              + TextBytes.quote(boundName, 0, boundName.length)
              + ", found "
              + TextBytes.quote(in.body, from, end));
    }
  }

  /**
   * Parses the rest of a line.
   *
   * @param nameEnd the end of a name without labels, or {@link TextCursor#NO_NAME}
   */
  private void parseValue(TextFamilies.Sample sample, int nameEnd) throws ExpositionException {
    in.skipBlanks();
    int from = in.at;
    in.skipWord();
    double value;
    try {
      value = NumberReader.parse(in.body, from, in.at);
    } catch (NumberFormatException e) {
      throw in.noValue(from, nameEnd);
    }
    if (value < 0 && sample.isCount(bound)) {
      throw in.error(
          from, "expected a count of a histogram, found a negative one: " + in.foundWord(from));
    }
    sample.add(value, bound);
    if (!in.isLineEnd(in.at)) {
      parseTimestamp();
    }
    in.nextLine();
  }

  private void parseTimestamp() throws ExpositionException {
    in.skipBlanks();
    if (in.isLineEnd(in.at)) {
      return; // The line had blanks at its end.
    }
    int from = in.at;
    in.skipWord();
    if (!TextBytes.isLong(in.body, from, in.at)) {
      throw in.error(
          from, "expected a line feed or an integer as timestamp, found " + in.foundWord(from));
    }
    hasTimestamps = true;
    in.skipBlanks();
    if (!in.isLineEnd(in.at)) {
      throw in.expected(in.at, "a line feed after the timestamp");
    }
  }
}
