package dev.pushgateway.logging;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * How a log line is written, with the names and in the order of Go's {@code promslog}:
 *
 * <pre>
 *   ts=2026-11-22T20:15:00.123Z level=info caller=Main msg="starting pushgateway" version=1.0.0
 *   {"ts":"2026-11-22T20:15:00.123Z","level":"info","caller":"Main","msg":"starting pushgateway",…}
 * </pre>
 *
 * <p>Whatever a value contains, a line is one line, and a value stays within its quotes.
 */
enum LineFormat {
  LOGFMT("\n") {
    @Override
    void append(StringBuilder line, String name, String value) {
      line.append(line.isEmpty() ? "" : " ");
      appendName(line, name);
      line.append('=');
      if (needsQuotes(value)) {
        appendQuoted(line, value);
      } else {
        line.append(value);
      }
    }
  },

  JSON("}\n") {
    @Override
    void append(StringBuilder line, String name, String value) {
      line.append(line.isEmpty() ? '{' : ',');
      appendQuoted(line, name);
      line.append(':');
      appendQuoted(line, value);
    }
  };

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String end;

  LineFormat(String end) {
    this.end = end;
  }

  /** The line with its line feed. */
  String format(LogLine logLine) {
    StringBuilder line = new StringBuilder(160);
    append(line, "ts", TIME.format(logLine.time()));
    append(line, "level", logLine.level().name().toLowerCase(Locale.ROOT));
    append(line, "caller", logLine.caller());
    append(line, "msg", logLine.message());
    for (KeyValuePair attribute : logLine.attributes()) {
      append(line, attribute.key, String.valueOf(attribute.value));
    }
    return line.append(end).toString();
  }

  abstract void append(StringBuilder line, String name, String value);

  private static void appendName(StringBuilder line, String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      line.append(needsQuotes(c) ? '_' : c);
    }
  }

  private static boolean needsQuotes(String value) {
    return value.isEmpty() || value.chars().anyMatch(c -> needsQuotes((char) c));
  }

  private static boolean needsQuotes(char c) {
    return c <= ' ' || c == '=' || c == '"' || c == '\\' || isUnprintable(c);
  }

  /** Control characters, and those that some terminals and log readers take for line ends. */
  private static boolean isUnprintable(char c) {
    return c < ' '
        || (c >= 0x7f && c < 0xa0)
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\u200b' && c <= '\u200f')
        || (c >= '\u202a' && c <= '\u202e')
        || Character.isSurrogate(c);
  }

  private static void appendQuoted(StringBuilder line, String value) {
    line.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> appendPlain(line, c);
      }
    }
    line.append('"');
  }

  private static void appendPlain(StringBuilder line, char c) {
    if (isUnprintable(c)) {
      line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
    } else {
      line.append(c);
    }
  }
}
