package dev.pushgateway.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Parses the part of a URI after the question mark. Does not use the container's parameters: the
 * container would read the body of a push by {@code curl} as a form and consume it.
 */
public final class QueryString {
  private static final PercentEncoding ENCODING = new PercentEncoding("the query has a", "part");

  private QueryString() {}

  /**
   * Returns all values of a parameter. Pairs with broken escapes are left out, as in Go.
   *
   * @param query as sent; {@code null} if there is none
   */
  public static Set<String> values(String query, String name) {
    Set<String> values = new LinkedHashSet<>();
    if (query == null) {
      return values;
    }
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      try {
        if (decode(key).equals(name)) {
          values.add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
      } catch (IllegalArgumentException e) {
        // A broken escape: Go ignores such a pair, too.
      }
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /**
   * Parses all parameters strictly.
   *
   * @param query as sent; {@code null} if there is none
   * @return the values of each parameter, in order
   * @throws RequestRefusedException for a broken escape, or bytes that are not UTF-8
   */
  public static Map<String, Set<String>> parse(String query) throws RequestRefusedException {
    Map<String, Set<String>> parameters = new HashMap<>();
    if (query == null) {
      return parameters;
    }
    for (String pair : query.replace('+', ' ').split("&")) {
      int equals = pair.indexOf('=');
      String name = ENCODING.decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : ENCODING.decode(pair.substring(equals + 1));
      parameters.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(value);
    }
    return parameters;
  }
}
