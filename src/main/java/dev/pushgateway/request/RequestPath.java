package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a request below the context, split at its slashes first and decoded afterwards.
 *
 * <p>Only the raw request URI is used, because containers decode, normalise and strip parameters in
 * different ways. {@code %2F} is part of a segment. {@code .}, {@code ..}, {@code +} and {@code ;x}
 * are ordinary text.
 *
 * <p>Routes use {@code segments}, without empty ones; only a slash at the end makes an empty last
 * segment. {@link GroupPath} uses {@code all}, where an empty segment may stand for a forgotten
 * value.
 *
 * <pre>
 *   /metrics//job/a%2Fb/x/   segments   metrics | job | a/b | x | (empty)
 *                            all        metrics | (empty) | job | a/b | x | (empty)
 * </pre>
 *
 * @param raw as sent
 * @param segments decoded, without empty ones
 * @param all decoded, with empty ones
 */
public record RequestPath(String raw, List<String> segments, List<String> all) {
  private static final PercentEncoding ENCODING = new PercentEncoding("the path has a", "segment");

  /**
   * Returns the path of a request.
   *
   * @throws RequestRefusedException for a broken escape, or bytes that are not UTF-8
   */
  public static RequestPath of(HttpServletRequest request) throws RequestRefusedException {
    String uri = request.getRequestURI();
    String context = request.getServletContext().getContextPath();
    return parse(context.isEmpty() ? uri : withoutContext(uri, context));
  }

  /**
   * Returns the part after the context path. The client may spell the context path in another way
   * than the container ({@code /%70ushgateway}, {@code //pushgateway}), but with as many segments.
   */
  static String withoutContext(String uri, String context) {
    int segments = (int) context.chars().filter(c -> c == '/').count();
    int at = 0;
    while (segments-- > 0) {
      while (at < uri.length() && uri.charAt(at) == '/') {
        at++;
      }
      int slash = uri.indexOf('/', at);
      at = slash < 0 ? uri.length() : slash;
    }
    return uri.substring(at);
  }

  /**
   * Parses a raw path.
   *
   * @throws RequestRefusedException for a broken escape, or bytes that are not UTF-8
   */
  public static RequestPath parse(String raw) throws RequestRefusedException {
    List<String> all = new ArrayList<>();
    int from = raw.startsWith("/") ? 1 : 0;
    while (from <= raw.length()) {
      int slash = raw.indexOf('/', from);
      int to = slash < 0 ? raw.length() : slash;
      all.add(ENCODING.decode(raw.substring(from, to)));
      from = to + 1;
    }
    return of(raw, all);
  }

  private static RequestPath of(String raw, List<String> all) {
    return new RequestPath(raw, withoutEmptyOnes(all), all);
  }

  /** Removes empty segments, except an empty last one after others. */
  private static List<String> withoutEmptyOnes(List<String> all) {
    int firstEmpty = all.indexOf("");
    if (firstEmpty < 0 || firstEmpty == all.size() - 1 && firstEmpty > 0) {
      return all; // Usual case.
    }
    List<String> segments = new ArrayList<>(all);
    segments.removeIf(String::isEmpty);
    if (!segments.isEmpty() && all.get(all.size() - 1).isEmpty()) {
      segments.add("");
    }
    return segments;
  }

  public boolean hasEncodedSlash() {
    return hasEncodedSlashWithin(segments.size());
  }

  /** Returns whether one of the first {@code count} segments has a slash in it. */
  boolean hasEncodedSlashWithin(int count) {
    for (String segment : segments.subList(0, Math.min(count, segments.size()))) {
      if (segment.indexOf('/') >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns the path as the Go gateway reads it: decoded first, split afterwards. */
  public RequestPath splitAtEncodedSlashes() {
    List<String> split = new ArrayList<>();
    for (String segment : all) {
      split.addAll(List.of(segment.split("/", -1)));
    }
    return of(raw, split);
  }

  /** Returns the path without the slashes at its end, encoded or not. */
  RequestPath withoutSlashesAtEnd() {
    List<String> shorter = new ArrayList<>(all);
    while (!shorter.isEmpty() && shorter.get(shorter.size() - 1).endsWith("/")
        || shorter.size() > 1 && shorter.get(shorter.size() - 1).isEmpty()) {
      String last = shorter.remove(shorter.size() - 1);
      if (!last.isEmpty()) {
        shorter.add(last.substring(0, last.length() - 1));
      }
    }
    return of(raw, shorter);
  }

  public List<String> after(int count) {
    return segments.subList(count, segments.size());
  }

  /** Returns all segments, also empty ones, after the first {@code count} that are not empty. */
  List<String> allAfter(int count) {
    int at = 0;
    for (int left = count; left > 0; at++) {
      left -= all.get(at).isEmpty() ? 0 : 1;
    }
    return all.subList(at, all.size());
  }

  /** Joins segments with slashes, without a slash at the end: the name of a page. */
  public static String join(List<String> segments) {
    int size = segments.size();
    boolean slashAtEnd = size > 0 && segments.get(size - 1).isEmpty();
    return String.join("/", slashAtEnd ? segments.subList(0, size - 1) : segments);
  }
}
