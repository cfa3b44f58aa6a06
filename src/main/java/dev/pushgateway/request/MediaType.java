package dev.pushgateway.request;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The media type in a {@code Content-Type} header.
 *
 * @param type in lower case: {@code text/plain}
 * @param parameters by name in lower case
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2045#section-5.1">RFC 2045, section 5.1</a>
 */
public record MediaType(String type, Map<String, String> parameters) {
  public static final String PROTOBUF_MESSAGE = "io.prometheus.client.MetricFamily";
  private static final String PROTOBUF = "application/vnd.google.protobuf";
  private static final Pattern TYPE = pattern("\\s*(TOKEN(?:/TOKEN)?)\\s*");
  private static final Pattern PARAMETER =
      pattern(";\\s*(TOKEN)\\s*=\\s*(?:(TOKEN)|\"((?:[^\"\\\\]|\\\\.)*+)\")\\s*");

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex.replace("TOKEN", "[!-~&&[^()<>@,;:\\\\\"/\\[\\]?=]]++"));
  }

  /**
   * Returns whether a body with this header is delimited protobuf. Any other body is text.
   *
   * @param header {@code null} if there is none
   */
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

  /** Parses a header; empty if it is malformed, or has two values for one parameter. */
  static Optional<MediaType> parse(String header) {
    Matcher type = TYPE.matcher(header);
    if (!type.lookingAt()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    int at = type.end();
    Matcher next = PARAMETER.matcher(header);
    while (next.region(at, header.length()).lookingAt()) {
      String quoted = next.group(3);
      String value = quoted == null ? next.group(2) : quoted.replaceAll("\\\\(.)", "$1");
      String before = parameters.put(next.group(1).toLowerCase(Locale.ROOT), value);
      if (before != null && !before.equals(value)) {
        return Optional.empty();
      }
      at = next.end();
    }
    String rest = header.substring(at).strip();
    return rest.isEmpty() || rest.equals(";") // A semicolon at the end is allowed.
        ? Optional.of(new MediaType(type.group(1).toLowerCase(Locale.ROOT), parameters))
        : Optional.empty();
  }
}
