package dev.pushgateway.logging;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * Formats log lines with the names and the order of Go's {@code promslog}:
 *
 * <pre>
 *   ts=2026-11-22T20:15:00.123Z level=info caller=Main msg="starting pushgateway" version=1.0.0
 *   {"ts":"2026-11-22T20:15:00.123Z","level":"info","caller":"Main","msg":"starting pushgateway",…}
 * </pre>
 *
 * <p>A value can neither begin a new line nor leave its quotes. A line has at most {@value
 * #MAX_BYTES} bytes in UTF-8. Longer values are cut and end with {@code …}.
 */
enum LineFormat {
  LOGFMT("\n") {
    @Override
    void append(LineText line, String name, String value) {
      line.append(line.isEmpty() ? "" : " ");
      appendName(line, name);
      line.append("=");
      if (needsQuotes(value)) {
        appendQuoted(line, value);
      } else {
        appendPlain(line, value);
      }
    }
  },

  JSON("}\n") {
    @Override
    void append(LineText line, String name, String value) {
      line.append(line.isEmpty() ? "{" : ",");
      appendQuoted(line, name);
      line.append(":");
      appendQuoted(line, value);
    }
  };

  static final int MAX_BYTES = 8 << 10;

  /** Limit up to the end of the message, so that half of the line is left for the attributes. */
  private static final int MAX_MESSAGE_BYTES = MAX_BYTES / 2;

  /**
   * Reserve for quotes and the end of the line. An attribute without that much room is left out.
   */
  private static final int SPARE_BYTES = 64;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String end;

  LineFormat(String end) {
    this.end = end;
  }

  /** Returns the line with its line feed. */
  String format(LogLine logLine) {
    LineText line = new LineText(MAX_MESSAGE_BYTES);
    append(line, "ts", TIME.format(logLine.time()));
    append(line, "level", logLine.level().name().toLowerCase(Locale.ROOT));
    append(line, "caller", logLine.caller());
    append(line, "msg", logLine.message());
    line.raiseLimit(MAX_BYTES - SPARE_BYTES);
    for (KeyValuePair attribute : logLine.attributes()) {
      if (line.hasRoomFor(SPARE_BYTES)) {
        append(line, String.valueOf(attribute.key), String.valueOf(attribute.value));
      }
    }
    line.append(end);
    return line.toString();
  }

  abstract void append(LineText line, String name, String value);

  private static void appendName(LineText line, String name) {
    boolean goesOn = true;
    for (int i = 0; i < name.length() && goesOn; i++) {
      char c = name.charAt(i);
      goesOn = line.appendContent(needsQuotes(c) ? "_" : String.valueOf(c));
    }
  }

  private static void appendPlain(LineText line, String value) {
    boolean goesOn = true;
    for (int i = 0; i < value.length() && goesOn; i++) {
      goesOn = line.appendContent(value.substring(i, i + 1));
    }
  }

  private static boolean needsQuotes(String value) {
    return value.isEmpty() || value.chars().anyMatch(c -> needsQuotes((char) c));
  }

  private static boolean needsQuotes(char c) {
    return c <= ' ' || c == '=' || c == '"' || c == '\\' || isUnprintable(c);
  }

  /**
   * Returns whether a character must be escaped: control characters, and those that some terminals
   * and log readers treat as line ends.
   */
  private static boolean isUnprintable(char c) {
    return c < ' '
        || (c >= 0x7f && c < 0xa0)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u200b' && c <= '\u200f')
        || (c >= '\u202a' && c <= '\u202e')
        || Character.isSurrogate(c);
  }

  private static void appendQuoted(LineText line, String value) {
    line.append("\"");
    boolean goesOn = true;
    for (int i = 0; i < value.length() && goesOn; i++) {
      goesOn = line.appendContent(escaped(value.charAt(i)));
    }
    line.append("\"");
  }

  private static String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          isUnprintable(c) ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c);
    };
  }
}
