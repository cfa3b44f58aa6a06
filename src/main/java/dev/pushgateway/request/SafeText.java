package dev.pushgateway.request;

import java.io.IOException;

/** Text of clients, made fit for one line of an answer or of a log. */
public final class SafeText {
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
    int i = 0;
    while (i < text.length() && !isControl(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, i);
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        escaped.append("\\n");
      } else if (isControl(c)) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** Controls, and the separators and direction marks of Unicode. */
  private static boolean isControl(char c) {
    return Character.isISOControl(c)
        || c == '\u2028'
        || c == '\u2029'
        || c >= '\u200e' && c <= '\u200f'
        || c >= '\u202a' && c <= '\u202e'
        || c >= '\u2066' && c <= '\u2069';
  }

  /** Why the system could not do something: the end of the message, which names no file. */
  public static String reasonOf(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    String reason = message.substring(message.lastIndexOf(": ") + 1).strip();
    boolean tellsAFile = reason.indexOf('/') >= 0 || reason.indexOf('\\') >= 0;
    return tellsAFile ? "the gateway's log has more" : oneLine(reason);
  }
}
