package dev.pushgateway.parse;

import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.TextBytes;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.model.ExpositionException;
import java.util.Arrays;

/**
 * A position in a body in text format. Reads the words at that position: blanks, names, label
 * values, line ends. {@link TextParser} has the grammar.
 *
 * <p>The parser may access the fields: they change several times in each line, and a line takes a
 * tenth of a microsecond.
 *
 * <p>Not thread-safe.
 */
final class TextCursor {
  private static final byte[] NOTHING = {};
  private static final byte[] HELP = TextLines.utf8("HELP");
  private static final byte[] TYPE = TextLines.utf8("TYPE");
  private static final String IN_NAME = " is not allowed in a metric name";

  static final byte MARK_START = (byte) 0xEF;

  /** The byte order mark U+FEFF in UTF-8. */
  private static final byte[] MARK = {MARK_START, (byte) 0xBB, (byte) 0xBF};

  /** Stands for the end of a name that has labels behind or around it. */
  static final int NO_NAME = -1;

  /** The kinds of comments. {@code READERS} are those for people. */
  enum Comment {
    HELP,
    TYPE,
    READERS
  }

  private final boolean utf8Names;

  byte[] body = NOTHING;

  /** The current offset; never above {@link #to}. */
  int at;

  int to;

  /** The name read last, unescaped: bytes {@code [nameFrom, nameTo)} of {@code name}. */
  byte[] name = NOTHING;

  int nameFrom;
  int nameTo;

  /** The offset of the name in the last comment. */
  int nameAt;

  private int line;
  private int lineFrom;

  /** The unescaped text of the quoted names in this line. */
  private final ByteArray unescaped = new ByteArray(64);

  /**
   * Creates a cursor.
   *
   * @param utf8Names whether a quoted name may have any character
   */
  TextCursor(boolean utf8Names) {
    this.utf8Names = utf8Names;
  }

  void reset(byte[] newBody, int from, int newTo) {
    body = newBody;
    at = from;
    to = newTo;
    line = 0;
    lineFrom = from;
    name = NOTHING;
  }

  void startLine() {
    line++;
    lineFrom = at;
    unescaped.length = 0;
  }

  int lineStart() {
    return lineFrom;
  }

  /** Skips byte order marks at the start of a line. Elsewhere they are not skipped. */
  void skipMarks() {
    if (at == lineFrom) {
      while (isAt(MARK)) {
        at += MARK.length;
      }
    }
  }

  private boolean isAt(byte[] bytes) {
    return to - at >= bytes.length
        && Arrays.equals(body, at, at + bytes.length, bytes, 0, bytes.length);
  }

  boolean isAt(char c) {
    return at < to && body[at] == c;
  }

  /** Reads a name, quoted or not, into {@link #name}. The name is empty if none is there. */
  void readName(int start, int inside) throws ExpositionException {
    byte[] bytes = body;
    int limit = to;
    int i = at;
    if (i < limit && TextBytes.is(bytes[i], start)) {
      i++;
      while (i < limit && TextBytes.is(bytes[i], inside)) {
        i++;
      }
    } else if (i == limit || bytes[i] != '"') {
      limit = i; // No name: this byte cannot start one.
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

  /**
   * Reads a comment up to its text: {@code # HELP name } or {@code # TYPE name }. The name is in
   * {@link #name} afterwards. Of other comments, only a part is read.
   */
  Comment readComment() throws ExpositionException {
    at++;
    skipBlanks();
    int wordFrom = at;
    skipWord();
    boolean help = Arrays.equals(body, wordFrom, at, HELP, 0, HELP.length);
    boolean type = Arrays.equals(body, wordFrom, at, TYPE, 0, TYPE.length);
    skipBlanks();
    if (!help && !type || isLineEnd(at)) {
      return Comment.READERS;
    }
    nameAt = at;
    readName(TextBytes.METRIC_START, TextBytes.METRIC);
    if (isLineEnd(at)) {
      return Comment.READERS;
    }
    if (!isBlank(at)) {
      throw nameFrom == nameTo
          ? expected(at, "a metric name and a blank in the comment")
          : notInName(at);
    }
    skipBlanks();
    return help ? Comment.HELP : Comment.TYPE;
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

  void skipLabelValue() throws ExpositionException {
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

  /** Checks the escape that starts at a backslash and must end before {@code end}. */
  void checkEscape(int backslash, int end) throws ExpositionException {
    int next = backslash + 1;
    if (next < end && (body[next] == '\\' || body[next] == '"' || body[next] == 'n')) {
      return;
    }
    throw error(
        backslash,
        "invalid escape sequence: expected '\\', '\"' or 'n' after '\\', found " + found(next));
  }

  void skipBlanks() {
    int i = at;
    while (i < to && (body[i] == ' ' || body[i] == '\t')) {
      i++;
    }
    at = i;
  }

  /** Skips up to the next blank or line end. */
  void skipWord() {
    byte[] bytes = body;
    int i = at;
    while (i < to && !TextBytes.is(bytes[i], TextBytes.BLANK_OR_LF)) {
      i++;
    }
    at = i < to && bytes[i] == '\n' ? endOfLineBefore(i + 1, at) : i;
  }

  void skipLine() {
    while (at < to && body[at] != '\n') {
      at++;
    }
    at = Math.min(at + 1, to);
  }

  /** Moves from the end of this line to the start of the next. */
  void nextLine() {
    at += at < to && body[at] == '\r' ? 2 : 1;
    at = Math.min(at, to);
  }

  /**
   * Returns where the line before {@code next} ends, without LF or CR LF; at least {@code from}.
   */
  int endOfLineBefore(int next, int from) {
    int end = next > from && body[next - 1] == '\n' ? next - 1 : next;
    return end < next && end > from && body[end - 1] == '\r' ? end - 1 : end;
  }

  /** Returns where the text of the line before {@link #at} ends, without blanks at its end. */
  int endOfText(int from) {
    int end = endOfLineBefore(at, from);
    while (end > from && isBlank(end - 1)) {
      end--;
    }
    return end;
  }

  boolean isBlank(int index) {
    return index < to && (body[index] == ' ' || body[index] == '\t');
  }

  /** Returns whether a line ends at an index: with LF, with CR LF or with the body. */
  boolean isLineEnd(int index) {
    return index >= to
        || body[index] == '\n'
        || body[index] == '\r' && index + 1 < to && body[index + 1] == '\n';
  }

  boolean isName(byte[] word) {
    return nameTo - nameFrom == word.length
        && Arrays.equals(name, nameFrom, nameTo, word, 0, word.length);
  }

  String quotedName() {
    return TextBytes.quote(name, nameFrom, nameTo);
  }

  private String found(int index) {
    if (index >= to) {
      return "the end";
    }
    return isLineEnd(index) ? "the end of the line" : TextBytes.character(body, index, to);
  }

  /** Describes the word from {@code from} to the current offset, for messages. */
  String foundWord(int from) {
    return from == at ? found(from) : TextBytes.quote(body, from, at);
  }

  /** Returns an exception that names the expected and the found text. */
  ExpositionException expected(int index, String what) {
    return error(index, "expected " + what + ", found " + found(index));
  }

  /**
   * Returns an exception that says why the word before the current offset is no value. Often, a
   * character has ended the name too early.
   *
   * @param from the start of the word
   * @param nameEnd the end of the name; {@link #NO_NAME} if there are labels
   */
  ExpositionException noValue(int from, int nameEnd) {
    if (from == nameEnd && !isLineEnd(from)) {
      return notInName(from);
    }
    String message = "expected a number as value, found " + foundWord(from);
    if (nameEnd != NO_NAME && isMoreOfName(from)) {
      message += "; a blank" + IN_NAME;
    }
    return error(from, message);
  }

  /** Returns whether the word seems to continue a name: labels or another word follow. */
  private boolean isMoreOfName(int from) {
    boolean hasBrace = false;
    for (int i = from; i < at; i++) {
      hasBrace |= body[i] == '{';
    }
    boolean isName = from < at && TextBytes.is(body[from], TextBytes.METRIC_START);
    skipBlanks();
    return isName && (hasBrace || !isLineEnd(at));
  }

  /** Returns an exception for a character that is not allowed in a metric name. */
  ExpositionException notInName(int index) {
    String quotes = utf8Names ? " without quotes" : "";
    return error(index, TextBytes.character(body, index, to) + IN_NAME + quotes);
  }

  /**
   * Returns an exception with line and column. In a line of UTF-16, it reports the encoding
   * instead.
   */
  ExpositionException error(int index, String message) {
    if (isUtf16(lineFrom)) {
      return new ExpositionException("line " + line + ": the body is UTF-16; UTF-8 is expected");
    }
    int column = index - lineFrom + 1;
    return new ExpositionException("line " + line + ", column " + column + ": " + message);
  }

  /**
   * Returns whether text starts with a byte order mark of UTF-16, or has two characters with one
   * NUL byte each.
   */
  private boolean isUtf16(int from) {
    if (to - from < 4) {
      return false;
    }
    int mark = (body[from] & 0xFF) << Byte.SIZE | body[from + 1] & 0xFF;
    boolean first = body[from] == 0 && body[from + 2] == 0;
    boolean second = body[from + 1] == 0 && body[from + 3] == 0;
    return mark == 0xFEFF || mark == 0xFFFE || first != second && hasText(from, first ? 1 : 0);
  }

  private boolean hasText(int from, int half) {
    return body[from + half] != 0 && body[from + half + 2] != 0;
  }
}
