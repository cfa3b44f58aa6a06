package dev.pushgateway.request;

import dev.pushgateway.bytes.TextBytes;
import java.io.IOException;

/** Makes text from clients safe for one line of a response or of the log. */
public final class SafeText {
  private static final int MAX_QUOTED_LENGTH = 200;
  private static final int MAX_LENGTH = 2_000;

  private SafeText() {}

  /**
   * Quotes a text on one line. Longer texts are cut after {@value #MAX_QUOTED_LENGTH} characters.
   */
  public static String quote(String text) {
    String quoted = cut(text, MAX_QUOTED_LENGTH).replace("\\", "\\\\").replace("\"", "\\\"");
    return '"' + escapeInvisible(quoted) + '"';
  }

  /** Returns a text on one line. Longer texts are cut after {@value #MAX_LENGTH} characters. */
  static String oneLine(String text) {
    return escapeInvisible(cut(text, MAX_LENGTH));
  }

  private static String cut(String text, int maxLength) {
    if (text.length() <= maxLength) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
    return text.substring(0, end) + "…";
  }

  /**
   * Escapes line feeds, control characters that could forge a log line or a colour, and invisible
   * characters.
   */
  private static String escapeInvisible(String text) {
    if (text.codePoints().noneMatch(TextBytes::isInvisible)) {
      return text; // Usual case.
    }
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (TextBytes.isInvisible(c)) {
                Character.toString(c).chars().forEach(half -> escaped.append(escape(half)));
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }

  private static String escape(int c) {
    return c == '\n' ? "\\n" : String.format("\\u%04x", c);
  }

  /**
   * Returns the system's reason for a failure: the end of its message, after the name of the file.
   */
  public static String reasonOf(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    String reason = message.substring(message.lastIndexOf(": ") + 1).strip();
    boolean tellsAFile = reason.indexOf('/') >= 0 || reason.indexOf('\\') >= 0;
    return tellsAFile ? "see the gateway's log" : oneLine(reason);
  }
}
