package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBuffers;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.NumberReader;
import dev.pushgateway.bytes.TextBytes;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Parses a pushed body in text format 0.0.4.
 *
 * <p>One pass over the bytes; each piece of the grammar is a method:
 *
 * <pre>
 *   line     [blanks] ( comment | sample | nothing ) end
 *   comment  # HELP name text | # TYPE name type | # anything
 *   sample   name [ { labels } ] value [timestamp]  |  { labels, one of them a name } value [timestamp]
 *   labels   name = "value" , … with a comma at the end or not, blanks anywhere between
 * </pre>
 *
 * <p>Accepts what the Go parser accepts, and refuses what it refuses, except for line ends: CR LF
 * and the end of the body end a line, too. A name may be in quotes wherever a name may be, and so
 * may a part of a name: {@code foo"bar"}.
 *
 * <p>Values of labels go into the blocks with their escapes. There is only one way to write a
 * value, so equal values are equal bytes.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
public final class TextParser implements ExpositionParser {
  private static final byte[] NAME_LABEL = TextLines.utf8("__name__");
  private static final byte[] HELP = TextLines.utf8("HELP");
  private static final byte[] TYPE = TextLines.utf8("TYPE");
  private static final byte[] NOTHING = {};

  /**
   * What a sample takes beside its text and the grouping labels, as text of which there are three
   * copies: 24 bytes that numbers and blanks may grow by, and a third of the 96 bytes that say
   * where things are, in a buffer and in a block, or hold a bucket as an object.
   */
  private static final int SAMPLE_BYTES = 56;

  /**
   * What a family takes until its block is built, as text of which there are three copies: buffers
   * of 600 bytes, and some 20 objects. 300,000 names in 2.5 MB filled 256 MB (2026-11-24).
   */
  private static final int FAMILY_BYTES = 400;

  private final boolean utf8Names;
  private final FamilyBuffers.Pool pool = new FamilyBuffers.Pool();

  private final TextCursor in = new TextCursor();
  private boolean hasTimestamps;
  private TextFamilies families;
  private LabelBuffer labels;

  /** The sample before. The next one usually has the same name. */
  private TextFamilies.Sample previous;

  private TextAllowance allowance;

  /** How much more there may be before {@link #allowance} is asked. */
  private long allowedBytes;

  private int sampleBytes;

  /** The value of {@code le} or {@code quantile} in this line; NaN if there is none. */
  private double bound;

  /**
   * A parser.
   *
   * @param utf8Names whether metric and label names may be any UTF-8 text, in quotes
   */
  public TextParser(boolean utf8Names) {
    this.utf8Names = utf8Names;
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
    allowance = context.allowance();
    allowedBytes = TextAllowance.STEP_BYTES;
    sampleBytes = SAMPLE_BYTES + context.grouping().encodedLength();
    in.reset(body, from, to);
    hasTimestamps = false;
    families = new TextFamilies(context.grouping(), context.known(), pool, utf8Names);
    labels = families.labels();
    previous = TextFamilies.Sample.NONE;
    try {
      while (in.at < in.to) {
        parseLine();
      }
      return new ParsedPush(families.build(), hasTimestamps);
    } finally {
      in.reset(NOTHING, 0, 0);
      families = null;
      labels = null;
      previous = null;
      allowance = TextAllowance.UNLIMITED;
    }
  }

  private void parseLine() throws ExpositionException {
    in.startLine();
    in.skipBlanks();
    if (in.isLineEnd(in.at)) {
      in.nextLine();
      return;
    }
    switch (in.body[in.at]) {
      case '#' -> parseComment();
      case '{' -> parseSampleInBraces();
      default -> parseSample();
    }
  }

  private void parseComment() throws ExpositionException {
    in.at++;
    in.skipBlanks();
    int wordFrom = in.at;
    in.skipWord();
    boolean help = Arrays.equals(in.body, wordFrom, in.at, HELP, 0, HELP.length);
    boolean type = Arrays.equals(in.body, wordFrom, in.at, TYPE, 0, TYPE.length);
    in.skipBlanks();
    if (!help && !type || in.isLineEnd(in.at)) {
      in.skipLine();
      return;
    }
    int nameAt = in.at;
    in.readName(TextBytes.METRIC_START, TextBytes.METRIC);
    if (in.isLineEnd(in.at)) {
      in.nextLine();
      return;
    }
    if (!in.isBlank(in.at)) {
      throw in.expected(in.at, "a metric name and a blank in the comment");
    }
    TextFamilies.Family family = sample(nameAt).family();
    in.skipBlanks();
    if (in.isLineEnd(in.at)) {
      in.nextLine();
    } else if (help) {
      parseHelp(family, nameAt);
    } else {
      parseType(family, nameAt);
    }
  }

  private void parseHelp(TextFamilies.Family family, int nameAt) throws ExpositionException {
    if (family.help() != null) {
      throw in.error(nameAt, "second HELP of metric family " + family.quotedName());
    }
    int from = in.at;
    in.skipLine();
    int end = in.endOfLineBefore(in.at, from);
    boolean escaped = false;
    for (int i = from; i < end; i++) {
      if (in.body[i] == '\\') {
        in.checkEscape(i++, end);
        escaped = true;
      }
    }
    family.help(
        escaped
            ? TextLines.unescape(in.body, from, end)
            : new String(in.body, from, end - from, StandardCharsets.UTF_8));
  }

  private void parseType(TextFamilies.Family family, int nameAt) throws ExpositionException {
    if (family.type() != null) {
      throw in.error(
          nameAt,
          "second TYPE of metric family " + family.quotedName() + ", or one after its samples");
    }
    int from = in.at;
    in.skipLine();
    int end = in.endOfLineBefore(in.at, from);
    MetricType type = TextFamilies.typeOf(in.body, from, end);
    if (type == null) {
      throw in.error(from, "unknown metric type " + TextBytes.quote(in.body, from, end));
    }
    family.type(type);
  }

  private void parseSample() throws ExpositionException {
    take(sampleBytes);
    TextFamilies.Sample sample = readSampleName();
    int end = sample.repeat(in.body, in.at, in.to);
    if (end >= 0) {
      in.at = Math.min(end + 1, in.to);
      return;
    }
    in.skipBlanks();
    startLabels();
    if (in.isAt('{')) {
      parseLabels(sample, in.at);
    }
    parseValue(sample);
  }

  private void parseSampleInBraces() throws ExpositionException {
    take(sampleBytes);
    families.stopRepeating(); // While there are no labels in the buffer that it would overwrite.
    startLabels();
    parseValue(parseLabels(null, in.at));
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
      return previous; // Usual case: one more sample of that name.
    }
    int nameAt = in.at;
    in.readName(TextBytes.METRIC_START, TextBytes.METRIC);
    if (in.nameFrom == in.nameTo) {
      throw in.expected(nameAt, "a metric name");
    }
    return startSample(nameAt);
  }

  private TextFamilies.Sample startSample(int nameAt) throws ExpositionException {
    TextFamilies.Sample sample = sample(nameAt);
    if (sample.family().type() == null) {
      sample.family().type(MetricType.UNTYPED);
    }
    previous = sample;
    return sample;
  }

  /** What the name last read stands for, a new family if need be. */
  private TextFamilies.Sample sample(int nameAt) throws ExpositionException {
    TextFamilies.Sample known = families.find(in.name, in.nameFrom, in.nameTo);
    if (known != null) {
      return known;
    }
    boolean valid =
        utf8Names
            ? in.nameTo > in.nameFrom && Utf8.isValid(in.name, in.nameFrom, in.nameTo)
            : TextLines.isLegacyMetricName(in.name, in.nameFrom, in.nameTo);
    if (!valid) {
      throw in.error(nameAt, "invalid metric name " + in.quotedName());
    }
    take(FAMILY_BYTES);
    return families.add(in.name, in.nameFrom, in.nameTo);
  }

  /**
   * Parses labels and the braces around them.
   *
   * @param known what the name before the brace stands for, {@code null} if there was none
   * @return the same, or what a name among the labels stands for
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

  /** Takes out labels that came before the name, but turn out to tell a quantile or a bucket. */
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

  /** Parses {@code ="value"} and what is behind it, up to the comma or the brace. */
  private void parseLabel(TextFamilies.Sample sample, int nameAt) throws ExpositionException {
    // Whether the name is valid, the builder finds out: the Go gateway counts it a failed push.
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

  private void parseValue(TextFamilies.Sample sample) throws ExpositionException {
    in.skipBlanks();
    int from = in.at;
    in.skipWord();
    double value;
    try {
      value = NumberReader.parse(in.body, from, in.at);
    } catch (NumberFormatException e) {
      throw in.error(from, "expected a number as value, found " + in.foundWord(from));
    }
    sample.add(value, bound);
    if (!in.isLineEnd(in.at)) {
      parseTimestamp();
    }
    in.nextLine();
  }

  private void parseTimestamp() throws ExpositionException {
    in.skipBlanks();
    int from = in.at;
    in.skipWord();
    if (!TextBytes.isLong(in.body, from, in.at)) {
      throw in.error(
          from, "expected a line feed or an integer as timestamp, found " + in.foundWord(from));
    }
    hasTimestamps = true;
    if (!in.isLineEnd(in.at)) {
      throw in.expected(in.at, "a line feed after the timestamp");
    }
  }

  private void take(int bytes) throws ExpositionException {
    allowedBytes -= bytes;
    if (allowedBytes < 0) {
      long more = Math.max(TextAllowance.STEP_BYTES, -allowedBytes);
      if (!allowance.take(more)) {
        throw in.error(in.lineStart(), "there is not enough memory for this line");
      }
      allowedBytes += more;
    }
  }
}
