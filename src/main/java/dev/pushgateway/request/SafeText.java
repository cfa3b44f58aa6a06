package dev.pushgateway.request;

import java.io.IOException;
import java.util.regex.Pattern;

/** Text of clients, made fit for one line of an answer or of a log. */
public final class SafeText {
  /** Controls, and the separators and direction marks of Unicode. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

  private static final int MAX_QUOTED_LENGTH = 200;
  private static final int MAX_LENGTH = 2_000;

  private SafeText() {}

  /** In quotes, on one line, cut short if it is long. */
  public static String quote(String text) {
    String escaped = escapeControls(cut(text, MAX_QUOTED_LENGTH));
    return '"' + escaped.replace("\"", "\\\"") + '"';
  }

  /** On one line, cut short if it is very long. */
  static String oneLine(String text) {
    return escapeControls(cut(text, MAX_LENGTH));
  }

  private static String cut(String text, int maxLength) {
    if (text.length() <= maxLength) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
    return text.substring(0, end) + "…";
  }

  /** Line feeds and whatever else could look like a line or a colour of our own. */
  private static String escapeControls(String text) {
    return CONTROL.matcher(text).replaceAll(control -> escape(control.group().charAt(0)));
  }

  private static String escape(char c) {
    return c == '\n' ? "\\\\n" : String.format("\\\\u%04x", (int) c);
  }

  /** Why the system could not do something: the end of the message, which names no file. */
  public static String reasonOf(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    String reason = message.substring(message.lastIndexOf(": ") + 1).strip();
    boolean tellsAFile = reason.indexOf('/') >= 0 || reason.indexOf('\\') >= 0;
    return tellsAFile ? "the gateway's log has more" : oneLine(reason);
  }
}
