package dev.pushgateway.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What single bytes mean in the text format, and how pushed bytes are shown in messages. */
public final class TextBytes {
  public static final int LABEL_START = 1;
  public static final int LABEL = 1 << 1;
  public static final int METRIC_START = 1 << 2;
  public static final int METRIC = 1 << 3;

  /** What would make a metric name go on if it stood right behind it. */
  public static final int METRIC_OR_QUOTE = 1 << 4;

  /** What stands for itself in a label value. */
  public static final int PLAIN_VALUE = 1 << 5;

  public static final int BLANK_OR_LF = 1 << 6;

  /** No more of what was pushed goes into one message, counted in bytes. */
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

  /** Letters, marks and symbols that show nothing. */
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

  /** Whether a byte is in a class. */
  public static boolean is(byte b, int wanted) {
    return (CLASSES[b & 0xFF] & wanted) != 0;
  }

  /** Whether the eight bytes at {@code at} are ASCII and stand for themselves in a label value. */
  public static boolean isPlainAscii(byte[] bytes, int at) {
    return notPlainAscii(bytes, at) == 0;
  }

  /** How many of the eight bytes at {@code at}, from the first on, are {@link #isPlainAscii}. */
  public static int countPlainAscii(byte[] bytes, int at) {
    return Long.numberOfTrailingZeros(notPlainAscii(bytes, at)) / Byte.SIZE;
  }

  /** The lowest bit set is in the first byte that is not; those above may be wrong. */
  private static long notPlainAscii(byte[] bytes, int at) {
    long word = (long) LONGS.get(bytes, at);
    long special = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | zeros(word ^ LINE_FEEDS);
    return (word | special) & HIGH_BITS;
  }

  /** Eight bytes of ASCII, the first one highest, each plus 1. */
  public static long nextOfEach(byte[] bytes, int at) {
    return Long.reverseBytes((long) LONGS.get(bytes, at)) + LOW_BITS;
  }

  /**
   * Where a word ends that starts at {@code from}: at a blank, at a control character, at a byte
   * that is not ASCII, or at {@code to}.
   */
  public static int wordEnd(byte[] bytes, int from, int to) {
    int at = from;
    for (; to - at >= Long.BYTES; at += Long.BYTES) {
      long word = (long) LONGS.get(bytes, at);
      // The high bit of each byte that is ASCII and more than a blank.
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

  /** Where the word starts that ends at {@code to}: behind the last blank, which must be there. */
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
   * Has the high bit of each byte set that is not zero: carries stay within their bytes, as they do
   * not in {@link #zeros}, which only tells whether there is one.
   */
  private static long others(long word) {
    return (word & ~HIGH_BITS) + ~HIGH_BITS | word;
  }

  /** Has a high bit set if there is a byte that is zero. */
  private static long zeros(long word) {
    return word - LOW_BITS & ~word;
  }

  /** Whether bytes are a decimal integer of 64 bits, with a sign or without. */
  public static boolean isLong(byte[] bytes, int from, int to) {
    int at = from < to && (bytes[from] == '-' || bytes[from] == '+') ? from + 1 : from;
    boolean negative = at > from && bytes[from] == '-';
    long limit = negative ? Long.MIN_VALUE : -Long.MAX_VALUE;
    long value = 0; // Counted downwards, for there is one more negative number.
    for (int i = at; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || value < limit / 10 || value * 10 < limit + digit) {
        return false;
      }
      value = value * 10 - digit;
    }
    return at < to;
  }

  /** Pushed bytes in double quotes, cut short, fit for a line of a log. */
  public static String quote(byte[] bytes, int from, int to) {
    boolean cut = to - from > MAX_SHOWN;
    int end = cut ? characterStart(bytes, from, from + MAX_SHOWN) : to;
    return '"' + visible(bytes, from, end) + (cut ? "…\"" : "\"");
  }

  /** The character that starts at {@code at}, in single quotes. */
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
   * Whether a character cannot be seen in a message: controls, those that break lines or turn the
   * direction of what follows, and all blanks but the plain one.
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
