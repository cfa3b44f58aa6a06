package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBuffers;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.Numbers;
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
 * <p>It takes and refuses what the Go parser takes and refuses, but for line ends: CR LF and the
 * end of the body are line ends, too. Names, and for {@code foo"bar"} even parts of names, may be
 * in quotes wherever a name may be.
 *
 * <p>Values of labels go into the blocks as they are, without being unescaped: there is but one way
 * to write a value, so that equal values are equal bytes.
 *
 * <p>Not thread-safe; reusable after each call, also after a failed one. Keeps no reference to what
 * it has parsed.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition
 *     formats</a>
 */
public final class TextParser {
  private static final byte[] NAME_LABEL = TextLines.utf8("__name__");
  private static final byte[] HELP = TextLines.utf8("HELP");
  private static final byte[] TYPE = TextLines.utf8("TYPE");
  private static final byte[] NOTHING = {};

  /** For so many new names at a time the allowance is asked; the first so many are free. */
  private static final int FAMILIES_AT_ONCE = 64;

  /**
   * What a family takes until its block is built, as text of which there are three copies: buffers
   * of 600 bytes, and some 20 objects. 300,000 names in 2.5 MB filled 256 MB (2026-11-24).
   */
  private static final long FAMILY_TEXT_BYTES = 400;

  private final boolean utf8Names;
  private final FamilyBuffers.Pool pool = new FamilyBuffers.Pool();

  private byte[] body = NOTHING;
  private int at;
  private int to;
  private int line;
  private int lineFrom;
  private boolean hasTimestamps;
  private TextFamilies families;
  private LabelBuffer labels;

  /** The name of the sample before, which is the next one's, too, as a rule. */
  private TextFamilies.Sample previous;

  private TextAllowance allowance;

  /** How many more names there may be before {@link #allowance} is asked. */
  private int allowedFamilies;

  /** The name last read, unescaped: bytes {@code [nameFrom, nameTo)} of {@code name}. */
  private byte[] name;

  private int nameFrom;
  private int nameTo;

  /** Names of this line that were in quotes. */
  private final ByteArray unescaped = new ByteArray(64);

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
   * Parses one body.
   *
   * @param body UTF-8; {@code [from, to)} is read and never changed
   * @param grouping what to add to each metric
   * @throws ExpositionException at the first line that breaks the grammar, with line and column
   *     from 1
   */
  public Exposition parse(byte[] body, int from, int to, GroupingLabels grouping)
      throws ExpositionException {
    return parse(body, from, to, grouping, KnownFamilies.NONE);
  }

  /**
   * Parses one body that may repeat what was pushed before, which makes it faster and changes
   * nothing else.
   *
   * @param known what was pushed with the same grouping labels
   * @throws ExpositionException as the other
   */
  public Exposition parse(
      byte[] body, int from, int to, GroupingLabels grouping, KnownFamilies known)
      throws ExpositionException {
    return parse(body, from, to, grouping, known, TextAllowance.UNLIMITED);
  }

  /**
   * Parses one body, and asks for memory before it makes many families: each has buffers of its own
   * until the last line is read.
   *
   * @param allowance is asked now and then
   * @throws ExpositionException as the other, and if {@code allowance} grants nothing
   */
  public Exposition parse(
      byte[] body,
      int from,
      int to,
      GroupingLabels grouping,
      KnownFamilies known,
      TextAllowance allowance)
      throws ExpositionException {
    this.allowance = allowance;
    allowedFamilies = FAMILIES_AT_ONCE;
    this.body = body;
    this.at = from;
    this.to = to;
    line = 0;
    hasTimestamps = false;
    families = new TextFamilies(grouping, known, pool, utf8Names);
    labels = families.labels();
    previous = TextFamilies.Sample.NONE;
    try {
      while (at < to) {
        parseLine();
      }
      return new Exposition(families.build(), hasTimestamps);
    } finally {
      forget();
    }
  }

  /** How many lines a body has, the last one counted whether it ends with a line feed or not. */
  public static int countLines(byte[] body, int from, int to) {
    return TextBytes.countLineFeeds(body, from, to) + 1;
  }

  private void forget() {
    body = NOTHING;
    name = NOTHING;
    families = null;
    labels = null;
    previous = null;
    allowance = TextAllowance.UNLIMITED;
  }

  private void parseLine() throws ExpositionException {
    line++;
    lineFrom = at;
    unescaped.length = 0;
    skipBlanks();
    if (isLineEnd(at)) {
      nextLine();
      return;
    }
    switch (body[at]) {
      case '#':
        parseComment();
        break;
      case '{':
        parseSampleInBraces();
        break;
      default:
        parseSample();
    }
  }

  private void parseComment() throws ExpositionException {
    at++;
    skipBlanks();
    int wordFrom = at;
    skipWord();
    boolean help = Arrays.equals(body, wordFrom, at, HELP, 0, HELP.length);
    boolean type = Arrays.equals(body, wordFrom, at, TYPE, 0, TYPE.length);
    skipBlanks();
    if (!help && !type || isLineEnd(at)) {
      skipLine();
      return;
    }
    int nameAt = at;
    readName(TextBytes.METRIC_START, TextBytes.METRIC);
    if (isLineEnd(at)) {
      nextLine();
      return;
    }
    if (!isBlank(at)) {
      throw error(at, "expected a metric name and a blank in the comment, found " + found(at));
    }
    TextFamilies.Family family = sample(nameAt).family();
    skipBlanks();
    if (isLineEnd(at)) {
      nextLine();
    } else if (help) {
      parseHelp(family, nameAt);
    } else {
      parseType(family, nameAt);
    }
  }

  private void parseHelp(TextFamilies.Family family, int nameAt) throws ExpositionException {
    if (family.help() != null) {
      throw error(nameAt, "second HELP of metric family " + family.quotedName());
    }
    int from = at;
    skipLine();
    int end = endOfLineBefore(at, from);
    boolean escaped = false;
    for (int i = from; i < end; i++) {
      if (body[i] == '\\') {
        checkEscape(i++, end);
        escaped = true;
      }
    }
    family.help(
        escaped
            ? TextLines.unescape(body, from, end)
            : new String(body, from, end - from, StandardCharsets.UTF_8));
  }

  private void parseType(TextFamilies.Family family, int nameAt) throws ExpositionException {
    if (family.type() != null) {
      throw error(
          nameAt,
          "second TYPE of metric family " + family.quotedName() + ", or one after its samples");
    }
    int from = at;
    skipLine();
    int end = endOfLineBefore(at, from);
    MetricType type = TextFamilies.typeOf(body, from, end);
    if (type == null) {
      throw error(from, "unknown metric type " + TextBytes.quote(body, from, end));
    }
    family.type(type);
  }

  private void parseSample() throws ExpositionException {
    TextFamilies.Sample sample = readSampleName();
    int end = sample.repeat(body, at, to);
    if (end >= 0) {
      at = Math.min(end + 1, to);
      return;
    }
    skipBlanks();
    startLabels();
    if (at < to && body[at] == '{') {
      parseLabels(sample, at);
    }
    parseValue(sample);
  }

  private void parseSampleInBraces() throws ExpositionException {
    if (families.mayRepeat()) {
      families.stopRepeating(); // While there are no labels in the buffer that it would overwrite.
    }
    startLabels();
    parseValue(parseLabels(null, at));
  }

  private void startLabels() {
    labels.clear();
    bound = Double.NaN;
  }

  private TextFamilies.Sample readSampleName() throws ExpositionException {
    int end = at + previous.length();
    if (end < to
        && previous.isAt(body, at)
        && !TextBytes.is(body[end], TextBytes.METRIC_OR_QUOTE)) {
      at = end;
      return previous; // Usual case: one more sample of that name.
    }
    int nameAt = at;
    readName(TextBytes.METRIC_START, TextBytes.METRIC);
    if (nameFrom == nameTo) {
      throw error(nameAt, "expected a metric name, found " + found(nameAt));
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
    TextFamilies.Sample known = families.find(name, nameFrom, nameTo);
    if (known != null) {
      return known;
    }
    boolean valid =
        utf8Names
            ? nameTo > nameFrom && Utf8.isValid(name, nameFrom, nameTo)
            : TextLines.isLegacyMetricName(name, nameFrom, nameTo);
    if (!valid) {
      throw error(nameAt, "invalid metric name " + quotedName());
    }
    if (--allowedFamilies < 0) {
      takeFamilies();
    }
    return families.add(name, nameFrom, nameTo);
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
    at++;
    while (true) {
      skipBlanks();
      if (at < to && body[at] == '}') {
        break;
      }
      int nameAt = at;
      readName(TextBytes.LABEL_START, TextBytes.LABEL);
      if (nameFrom == nameTo) {
        throw error(nameAt, "expected a label name, found " + found(nameAt));
      }
      skipBlanks();
      if (at < to && body[at] == '=') {
        parseLabel(sample, nameAt);
      } else {
        sample = nameAmongLabels(sample, known != null, nameAt);
      }
      if (body[at] == '}') {
        break;
      }
      at++;
    }
    at++;
    if (sample == null) {
      throw error(braceAt, "there is no metric name, neither before the braces nor in them");
    }
    labels.sort();
    if (labels.hasDuplicate()) {
      int twice = labels.duplicate();
      String label =
          TextBytes.quote(labels.nameSource(twice), labels.nameFrom(twice), labels.nameTo(twice));
      throw error(braceAt, "label " + label + " is given twice");
    }
    return sample;
  }

  private TextFamilies.Sample nameAmongLabels(
      TextFamilies.Sample sample, boolean nameBefore, int nameAt) throws ExpositionException {
    if (nameBefore) {
      throw error(at, "expected '=' after label name " + quotedName() + ", found " + found(at));
    }
    if (sample != null) {
      throw error(nameAt, "a second metric name " + quotedName());
    }
    if (at == to || body[at] != ',' && body[at] != '}') {
      throw error(
          at, "expected ',' or '}' after metric name " + quotedName() + ", found " + found(at));
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
    checkLabelName(nameAt);
    at++;
    skipBlanks();
    if (at == to || body[at] != '"') {
      throw error(
          at, "expected '\"' before the value of label " + quotedName() + ", found " + found(at));
    }
    int valueFrom = at + 1;
    skipLabelValue();
    int valueTo = at - 1;
    byte[] boundName = sample == null ? NOTHING : sample.family().boundName();
    if (boundName.length > 0 && isName(boundName)) {
      bound = parseBound(boundName, valueFrom, valueTo);
    } else {
      labels.add(name, nameFrom, nameTo, body, valueFrom, valueTo);
    }
    skipBlanks();
    if (at == to || body[at] != ',' && body[at] != '}') {
      throw error(
          at,
          "expected ',' or '}' after the value of label " + quotedName() + ", found " + found(at));
    }
  }

  /** Whether the name is valid, the builder finds out: the Go gateway counts it a failed push. */
  private void checkLabelName(int nameAt) throws ExpositionException {
    if (isName(NAME_LABEL)) {
      throw error(nameAt, "label name \"__name__\" is reserved");
    }
  }

  private boolean isName(byte[] word) {
    return nameTo - nameFrom == word.length
        && Arrays.equals(name, nameFrom, nameTo, word, 0, word.length);
  }

  private double parseBound(byte[] boundName, int from, int end) throws ExpositionException {
    try {
      return Numbers.parse(body, from, end);
    } catch (NumberFormatException e) {
      throw error(
          from,
          "expected a number as value of label "
              + TextBytes.quote(boundName, 0, boundName.length)
              + ", found "
              + TextBytes.quote(body, from, end));
    }
  }

  /** Skips a label value and the quotes around it. */
  private void skipLabelValue() throws ExpositionException {
    byte[] bytes = body;
    int limit = to;
    int from = at + 1;
    int i = from;
    int all = 0;
    while (true) {
      while (limit - i >= 8 && TextBytes.isPlainAscii(bytes, i)) {
        i += 8; // Usual case.
      }
      while (i < limit && TextBytes.is(bytes[i], TextBytes.PLAIN_VALUE)) {
        all |= bytes[i++];
      }
      if (i == limit || bytes[i] == '\n') {
        throw error(at, "label value is not closed");
      }
      if (bytes[i] == '"') {
        break;
      }
      checkEscape(i, limit);
      i += 2;
    }
    if (all < 0 && !Utf8.isValid(bytes, from, i)) {
      throw error(at, "label value " + TextBytes.quote(bytes, from, i) + " is not UTF-8");
    }
    at = i + 1;
  }

  private void checkEscape(int backslash, int end) throws ExpositionException {
    int next = backslash + 1;
    if (next < end && (body[next] == '\\' || body[next] == '"' || body[next] == 'n')) {
      return;
    }
    String what =
        isLineEnd(next) ? "at " + found(next) : TextBytes.quote(body, backslash, next + 1);
    throw error(backslash, "invalid escape sequence " + what);
  }

  private void parseValue(TextFamilies.Sample sample) throws ExpositionException {
    skipBlanks();
    int from = at;
    skipWord();
    double value;
    try {
      value = Numbers.parse(body, from, at);
    } catch (NumberFormatException e) {
      throw error(from, "expected a number as value, found " + foundWord(from));
    }
    sample.add(value, bound);
    if (!isLineEnd(at)) {
      parseTimestamp();
    }
    nextLine();
  }

  private void parseTimestamp() throws ExpositionException {
    skipBlanks();
    int from = at;
    skipWord();
    if (!TextBytes.isLong(body, from, at)) {
      throw error(
          from, "expected a line feed or an integer as timestamp, found " + foundWord(from));
    }
    hasTimestamps = true;
    if (!isLineEnd(at)) {
      throw error(at, "expected a line feed after the timestamp, found " + found(at));
    }
  }

  /**
   * Reads a name, in quotes or not, into {@link #name}; an empty one if there is none.
   *
   * @param start the class of bytes it may start with
   * @param inside the class of bytes that may follow
   */
  private void readName(int start, int inside) throws ExpositionException {
    byte[] bytes = body;
    int limit = to;
    int i = at;
    if (i < limit && TextBytes.is(bytes[i], start)) {
      i++;
      while (i < limit && TextBytes.is(bytes[i], inside)) {
        i++;
      }
    } else if (i == limit || bytes[i] != '"') {
      limit = i; // No name: what is here may not start one.
    }
    name = bytes;
    nameFrom = at;
    nameTo = i;
    if (i < limit && bytes[i] == '"') {
      readQuotedName(i);
    } else {
      at = i;
    }
  }

  private void readQuotedName(int quote) throws ExpositionException {
    int start = unescaped.length;
    unescaped.add(body, at, quote);
    int i = quote + 1;
    while (i < to && body[i] != '"' && body[i] != '\n') {
      if (body[i] == '\\') {
        checkEscape(i++, to);
      }
      i++;
    }
    if (i == to || body[i] == '\n') {
      throw error(quote, "name in quotes is not closed");
    }
    TextLines.addUnescaped(unescaped, body, quote + 1, i);
    name = unescaped.bytes;
    nameFrom = start;
    nameTo = unescaped.length;
    at = i + 1;
  }

  private void skipBlanks() {
    int i = at;
    while (i < to && (body[i] == ' ' || body[i] == '\t')) {
      i++;
    }
    at = i;
  }

  /** Skips up to the next blank or line end. */
  private void skipWord() {
    byte[] bytes = body;
    int i = at;
    while (i < to && !TextBytes.is(bytes[i], TextBytes.BLANK_OR_LF)) {
      i++;
    }
    at = i < to && bytes[i] == '\n' ? endOfLineBefore(i + 1, at) : i;
  }

  private void skipLine() {
    while (at < to && body[at] != '\n') {
      at++;
    }
    at = Math.min(at + 1, to);
  }

  /** Goes on to the next line from the end of this one. */
  private void nextLine() {
    at += at < to && body[at] == '\r' ? 2 : 1;
    at = Math.min(at, to);
  }

  /** Where the line ends whose line end stops at {@code next}; not before {@code from}. */
  private int endOfLineBefore(int next, int from) {
    int end = next > from && body[next - 1] == '\n' ? next - 1 : next;
    return end < next && end > from && body[end - 1] == '\r' ? end - 1 : end;
  }

  private boolean isBlank(int index) {
    return index < to && (body[index] == ' ' || body[index] == '\t');
  }

  private boolean isLineEnd(int index) {
    return index >= to
        || body[index] == '\n'
        || body[index] == '\r' && index + 1 < to && body[index + 1] == '\n';
  }

  private String quotedName() {
    return TextBytes.quote(name, nameFrom, nameTo);
  }

  private String found(int index) {
    if (index >= to) {
      return "the end";
    }
    return isLineEnd(index) ? "the end of the line" : TextBytes.character(body, index, to);
  }

  private String foundWord(int from) {
    return from == at ? found(from) : TextBytes.quote(body, from, at);
  }

  private void takeFamilies() throws ExpositionException {
    if (!allowance.take(FAMILIES_AT_ONCE * FAMILY_TEXT_BYTES)) {
      throw error(lineFrom, "there is not enough memory for so many metric families");
    }
    allowedFamilies = FAMILIES_AT_ONCE - 1;
  }

  private ExpositionException error(int index, String message) {
    int column = index - lineFrom + 1;
    return new ExpositionException("line " + line + ", column " + column + ": " + message);
  }
}
