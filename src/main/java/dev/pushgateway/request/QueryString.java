package dev.pushgateway.request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The part of a URI after the question mark. The container is never asked for it: it would take the
 * body of a push by {@code curl} for a form, and swallow it.
 */
public final class QueryString {
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
}
