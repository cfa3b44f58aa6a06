package dev.pushgateway.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The part of a URI after the question mark. The container is never asked for it: it would take the
 * body of a push by {@code curl} for a form, and swallow it.
 */
public final class QueryString {
  private static final PercentEncoding ENCODING = new PercentEncoding("the query has a", "part");

  private QueryString() {}

  /**
   * All values of a parameter; what is badly escaped is left out, as in Go.
   *
   * @param query as it was sent; {@code null} if there is none
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
        // A broken escape: Go drops such a pair without a word.
      }
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /**
   * Reads all parameters, for a query that must not be guessed.
   *
   * @param query as it was sent; {@code null} if there is none
   * @return the values of each parameter that is there, in order
   * @throws RequestRefusedException for a broken escape, or one that is not UTF-8
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
