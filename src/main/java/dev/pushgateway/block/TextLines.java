package dev.pushgateway.block;

import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.TextBytes;
import java.nio.charset.StandardCharsets;

/** Pieces of sample lines and headers in text format 0.0.4, in the Go gateway's spelling. */
public final class TextLines {
  private TextLines() {}

  /** Adds a name, in quotes unless it is a legacy name. */
  public static void addName(ByteArray out, byte[] name, int from, int to) {
    if (isLegacyMetricName(name, from, to)) {
      out.add(name, from, to);
    } else {
      out.add('"');
      addEscaped(out, name, from, to, true);
      out.add('"');
    }
  }

  /** Adds {@code ="value"}. */
  public static void addLabelValue(ByteArray out, byte[] value, int from, int to) {
    out.add('=');
    out.add('"');
    addEscaped(out, value, from, to, true);
    out.add('"');
  }

  /** Adds {@code name{} or {@code {"name",}: the start of a line, up to its labels. */
  static void addLineStart(ByteArray out, byte[] name, String suffix, boolean hasLabels) {
    byte[] whole = suffix.isEmpty() ? name : concat(name, suffix);
    if (isLegacyMetricName(whole, 0, whole.length)) {
      out.add(whole);
      if (hasLabels) {
        out.add('{');
      }
    } else {
      out.add('{');
      addName(out, whole, 0, whole.length);
      if (hasLabels) {
        out.add(',');
      }
    }
  }

  /** Adds the text between the labels and the value. */
  static void addLabelsEnd(ByteArray out, boolean legacyName, boolean hasLabels) {
    if (hasLabels || !legacyName) {
      out.add('}');
    }
    out.add(' ');
  }

  /**
   * Adds text and escapes backslashes and line feeds in it.
   *
   * @param quotes whether to escape quotes as well
   */
  public static void addEscaped(ByteArray out, byte[] text, int from, int to, boolean quotes) {
    int run = from;
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (b == '\\' || b == '\n' || quotes && b == '"') {
        out.add(text, run, i);
        out.add('\\');
        out.add(b == '\n' ? 'n' : b);
        run = i + 1;
      }
    }
    out.add(text, run, to);
  }

  /**
   * Adds text without its escapes: {@code \\} becomes a backslash, {@code \n} a line feed, and
   * {@code \"} a quote. The text must not end within an escape.
   */
  public static void addUnescaped(ByteArray out, byte[] escaped, int from, int to) {
    out.reserve(to - from);
    for (int i = from; i < to; i++) {
      byte b = escaped[i];
      if (b == '\\') {
        b = escaped[++i];
        b = b == 'n' ? (byte) '\n' : b;
      }
      out.bytes[out.length++] = b;
    }
  }

  /** Returns text without its escapes, see {@link #addUnescaped}. */
  public static String unescape(byte[] escaped, int from, int to) {
    ByteArray plain = new ByteArray(to - from);
    addUnescaped(plain, escaped, from, to);
    return new String(plain.bytes, 0, plain.length, StandardCharsets.UTF_8);
  }

  public static boolean isLegacyMetricName(byte[] name, int from, int to) {
    return isName(name, from, to, TextBytes.METRIC_START, TextBytes.METRIC);
  }

  public static boolean isLegacyLabelName(byte[] name, int from, int to) {
    return isName(name, from, to, TextBytes.LABEL_START, TextBytes.LABEL);
  }

  private static boolean isName(byte[] name, int from, int to, int start, int inside) {
    for (int i = from; i < to; i++) {
      if (!TextBytes.is(name[i], i == from ? start : inside)) {
        return false;
      }
    }
    return to > from;
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[] name, String suffix) {
    ByteArray whole = new ByteArray(name.length + suffix.length());
    whole.add(name);
    whole.add(suffix.getBytes(StandardCharsets.US_ASCII));
    return whole.toArray();
  }
}
