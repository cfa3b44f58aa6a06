package dev.pushgateway.request;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value of a {@code Content-Type} header.
 *
 * @param type in lower case, {@code text/plain}
 * @param parameters by name in lower case
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2045#section-5.1">RFC 2045, section 5.1</a>
 */
public record MediaType(String type, Map<String, String> parameters) {
  private static final String TOKEN = "[!-~&&[^()<>@,;:\\\\\"/\\[\\]?=]]++";
  private static final String PROTOBUF = "application/vnd.google.protobuf";
  private static final Pattern TYPE = Pattern.compile("TOKEN(/TOKEN)?".replace("TOKEN", TOKEN));
  private static final String SEPARATORS = "()<>@,;:\\\"/[]?=";

  /** Whether a body with this header is delimited protobuf; everything else is text. */
  public static boolean isDelimitedProtobuf(String header) {
    if (header == null || !header.trim().regionMatches(true, 0, PROTOBUF, 0, PROTOBUF.length())) {
      return false; // Usual case: there is nothing to parse.
    }
    return parse(header)
        .filter(media -> media.type.equals(PROTOBUF))
        .filter(media -> "delimited".equals(media.parameters.get("encoding")))
        .filter(media -> PROTOBUF_MESSAGE.equals(media.parameters.get("proto")))
        .isPresent();
  }

  public static final String PROTOBUF_MESSAGE = "io.prometheus.client.MetricFamily";

  /** Parses a header; empty if it is malformed. */
  static Optional<MediaType> parse(String header) {
    int semicolon = header.indexOf(';');
    String type = (semicolon < 0 ? header : header.substring(0, semicolon)).trim();
    if (!TYPE.matcher(type).matches()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    boolean complete = semicolon < 0 || new Parameters(header, semicolon).readInto(parameters);
    return complete
        ? Optional.of(new MediaType(type.toLowerCase(Locale.ROOT), parameters))
        : Optional.empty();
  }

  private static boolean isTokenChar(char c) {
    return c > ' ' && c < 0x7F && SEPARATORS.indexOf(c) < 0;
  }

  /** Walks over {@code ; name=value ; name="value"}. */
  private static final class Parameters {
    private final String text;
    private int at;

    Parameters(String text, int from) {
      this.text = text;
      this.at = from;
    }

    /** Reads all that is left; false if it is malformed or names one parameter in two ways. */
    boolean readInto(Map<String, String> parameters) {
      while (skipSpace() < text.length()) {
        if (text.charAt(at) != ';') {
          return false;
        }
        at++;
        if (skipSpace() == text.length()) {
          return true; // A semicolon at the end means nothing.
        }
        String name = token().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || skipSpace() == text.length() || text.charAt(at) != '=') {
          return false;
        }
        at++;
        skipSpace();
        Optional<String> value = value();
        if (value.isEmpty()) {
          return false;
        }
        String before = parameters.put(name, value.get());
        if (before != null && !before.equals(value.get())) {
          return false;
        }
      }
      return true;
    }

    private int skipSpace() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at;
    }

    private String token() {
      int from = at;
      while (at < text.length() && isTokenChar(text.charAt(at))) {
        at++;
      }
      return text.substring(from, at);
    }

    private Optional<String> value() {
      if (at == text.length() || text.charAt(at) != '"') {
        return Optional.of(token()).filter(value -> !value.isEmpty());
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          at++;
          return Optional.of(value.toString());
        }
        if (c == '\\' && at + 1 < text.length()) {
          c = text.charAt(++at);
        }
        value.append(c);
      }
      return Optional.empty();
    }
  }
}
