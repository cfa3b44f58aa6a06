package dev.pushgateway.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Classes of bytes in the text format, and the display of pushed bytes in messages. */
public final class TextBytes {
  public static final int LABEL_START = 1;
  public static final int LABEL = 1 << 1;
  public static final int METRIC_START = 1 << 2;
  public static final int METRIC = 1 << 3;

  /** A byte that, directly behind a metric name, would continue the name. */
  public static final int METRIC_OR_QUOTE = 1 << 4;

  /** A byte that is not escaped in a label value. */
  public static final int PLAIN_VALUE = 1 << 5;

  public static final int BLANK_OR_LF = 1 << 6;

  /** The maximum number of pushed bytes in one message. */
  private static final int MAX_SHOWN = 60;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long QUOTES = '"' * LOW_BITS;
  private static final long BACKSLASHES = '\\' * LOW_BITS;
  private static final long LINE_FEEDS = '\n' * LOW_BITS;
  private static final long BLANKS = ' ' * LOW_BITS;
  private static final long AFTER_BLANKS = (' ' + 1) * LOW_BITS;

  /** Letters, marks and symbols that are displayed as nothing. */
  private static final String FILLERS = "\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0";

  private static final byte[] CLASSES = new byte[256];

  static {
    for (int b = 0; b < 256; b++) {
      boolean letter = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_';
      boolean digit = b >= '0' && b <= '9';
      boolean metric = letter || digit || b == ':';
      int classes = letter ? LABEL_START : 0;
      classes |= letter || digit ? LABEL : 0;
      classes |= letter || b == ':' ? METRIC_START : 0;
      classes |= metric ? METRIC : 0;
      classes |= metric || b == '"' ? METRIC_OR_QUOTE : 0;
      classes |= b != '"' && b != '\\' && b != '\n' ? PLAIN_VALUE : 0;
      classes |= b == ' ' || b == '\t' || b == '\n' ? BLANK_OR_LF : 0;
      CLASSES[b] = (byte) classes;
    }
  }

  private TextBytes() {}

  /**
   * Returns whether a byte is in a class.
   *
   * @param wanted one of the constants, or several of them joined by {@code |}
   */
  public static boolean is(byte b, int wanted) {
    return (CLASSES[b & 0xFF] & wanted) != 0;
  }

  /**
   * Returns whether the eight bytes at {@code at} are ASCII and need no escape in a label value.
   */
  public static boolean isPlainAscii(byte[] bytes, int at) {
    return notPlainAscii(bytes, at) == 0;
  }

  /**
   * Counts the bytes before the first one that is not {@link #isPlainAscii}, among the eight at
   * {@code at}.
   */
  public static int countPlainAscii(byte[] bytes, int at) {
    return Long.numberOfTrailingZeros(notPlainAscii(bytes, at)) / Byte.SIZE;
  }

  /**
   * Returns bits of which the lowest is in the first byte that is not plain ASCII. The bits above
   * may be wrong.
   */
  private static long notPlainAscii(byte[] bytes, int at) {
    long word = (long) LONGS.get(bytes, at);
    long special = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | zeros(word ^ LINE_FEEDS);
    return (word | special) & HIGH_BITS;
  }

  /** Returns eight bytes of ASCII as one number, the first byte highest, with 1 added to each. */
  public static long nextOfEach(byte[] bytes, int at) {
    return Long.reverseBytes((long) LONGS.get(bytes, at)) + LOW_BITS;
  }

  /**
   * Returns the end of the word that starts at {@code from}. A word ends at a blank, a control
   * character, a byte that is not ASCII, or {@code to}.
   */
  public static int wordEnd(byte[] bytes, int from, int to) {
    int at = from;
    for (; to - at >= Long.BYTES; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      // The high bit of each byte that is ASCII and above a blank.
      long visible = (word | HIGH_BITS) - AFTER_BLANKS & ~word;
      long others = ~visible & HIGH_BITS;
      if (others != 0) {
        return at + Long.numberOfTrailingZeros(others) / Byte.SIZE;
      }
    }
    while (at < to && bytes[at] > ' ') {
      at++;
    }
    return at;
  }

  /**
   * Returns the start of the word that ends at {@code to}: behind the last blank. A blank must be
   * there.
   */
  public static int wordStart(byte[] bytes, int to) {
    int at = to;
    for (; at >= Long.BYTES; at -= Long.BYTES) {
      long blanks = ~others((long) LONGS.get(bytes, at - Long.BYTES) ^ BLANKS) & HIGH_BITS;
      if (blanks != 0) {
        return at - Long.numberOfLeadingZeros(blanks) / Byte.SIZE;
      }
    }
    while (bytes[at - 1] != ' ') {
      at--;
    }
    return at;
  }

  /**
   * Sets the high bit of each byte that is not zero. Carries stay within their bytes, unlike those
   * of {@link #zeros}.
   */
  private static long others(long word) {
    return (word & ~HIGH_BITS) + ~HIGH_BITS | word;
  }

  /**
   * Sets a high bit if any byte is zero. Only the lowest such bit is certain to be in a zero byte.
   */
  private static long zeros(long word) {
    return word - LOW_BITS & ~word;
  }

  /** Returns whether bytes are a decimal integer of 64 bits, with or without a sign. */
  public static boolean isLong(byte[] bytes, int from, int to) {
    int at = from < to && (bytes[from] == '-' || bytes[from] == '+') ? from + 1 : from;
    boolean negative = at > from && bytes[from] == '-';
    long limit = negative ? Long.MIN_VALUE : -Long.MAX_VALUE;
    long value = 0; // Counts down: there is one more negative number.
    for (int i = at; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || value < limit / 10 || value * 10 < limit + digit) {
        return false;
      }
      value = value * 10 - digit;
    }
    return at < to;
  }

  /**
   * Returns pushed bytes in double quotes for a log line. Long text is cut after 60 bytes, and
   * invisible characters are escaped.
   */
  public static String quote(byte[] bytes, int from, int to) {
    boolean cut = to - from > MAX_SHOWN;
    int end = cut ? characterStart(bytes, from, from + MAX_SHOWN) : to;
    return '"' + visible(bytes, from, end) + (cut ? "…\"" : "\"");
  }

  /**
   * Returns the character that starts at {@code at}, in single quotes, or its byte in hexadecimal
   * if it is not UTF-8.
   */
  public static String character(byte[] bytes, int at, int to) {
    int end = at + 1;
    while (end < to && end < at + 4 && (bytes[end] & 0xC0) == 0x80) {
      end++;
    }
    if (!Utf8.isValid(bytes, at, end)) {
      return String.format("byte 0x%02X", bytes[at]);
    }
    return "'" + visible(bytes, at, end) + "'";
  }

  private static int characterStart(byte[] bytes, int from, int at) {
    int start = at;
    while (start > from && start > at - 4 && (bytes[start] & 0xC0) == 0x80) {
      start--;
    }
    return start;
  }

  private static String visible(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder();
    new String(bytes, from, to - from, StandardCharsets.UTF_8)
        .codePoints()
        .forEach(c -> addVisible(c, text));
    return text.toString();
  }

  private static void addVisible(int c, StringBuilder text) {
    switch (c) {
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '\\' -> text.append("\\\\");
      default -> {
        if (isInvisible(c)) {
          for (char half : Character.toChars(c)) {
            text.append(String.format("\\u%04X", (int) half));
          }
        } else {
          text.appendCodePoint(c);
        }
      }
    }
  }

  /**
   * Returns whether a character cannot be seen in a message. Such characters are controls, line
   * breaks, changes of the text direction, and all blanks except the plain one.
   */
  public static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      case Character.SPACE_SEPARATOR -> c != ' ';
      default -> FILLERS.indexOf(c) >= 0 || c >= 0xFE00 && c <= 0xFE0F;
    };
  }
}
