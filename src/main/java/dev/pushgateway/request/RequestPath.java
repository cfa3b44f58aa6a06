package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a request below the context, split at its slashes and decoded afterwards.
 *
 * <p>Only the raw request URI is looked at: what containers make of it (decoded, normalised,
 * without {@code ;parameters}) differs from one to the other. So {@code %2F} is part of a segment,
 * {@code .}, {@code ..}, {@code +} and {@code ;x} are text like any other. Empty segments are
 * dropped, which is what the Go gateway's redirect to the clean path comes to; but a slash at the
 * end makes a last segment that is empty.
 *
 * <pre>
 *   /metrics/job//a%2Fb/x/   metrics | job | a/b | x | (empty)
 * </pre>
 *
 * @param raw as it was sent
 * @param segments decoded
 */
public record RequestPath(String raw, List<String> segments) {
  private static final PercentEncoding ENCODING = new PercentEncoding("the path has a", "segment");

  /**
   * The path of a request.
   *
   * @throws RequestRefusedException for a broken escape, or one that is not UTF-8
   */
  public static RequestPath of(HttpServletRequest request) throws RequestRefusedException {
    String uri = request.getRequestURI();
    String context = request.getServletContext().getContextPath();
    return parse(context.isEmpty() ? uri : withoutContext(uri, context));
  }

  /**
   * What comes after the context path. It may be spelled otherwise than the container has it
   * ({@code /%70ushgateway}, {@code //pushgateway}), but has the same number of segments.
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

  public static RequestPath parse(String raw) throws RequestRefusedException {
    List<String> segments = split(raw);
    for (int i = 0; i < segments.size(); i++) {
      segments.set(i, ENCODING.decode(segments.get(i)));
    }
    return new RequestPath(raw, segments);
  }

  private static List<String> split(String path) {
    List<String> segments = new ArrayList<>();
    int from = 0;
    while (from <= path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      boolean isLast = to == path.length();
      if (to > from || isLast && !segments.isEmpty()) {
        segments.add(path.substring(from, to));
      }
      from = to + 1;
    }
    return segments;
  }

  public boolean hasEncodedSlash() {
    return hasEncodedSlashWithin(segments.size());
  }

  /** Whether one of the first {@code count} segments has a slash in it. */
  boolean hasEncodedSlashWithin(int count) {
    for (String segment : segments.subList(0, Math.min(count, segments.size()))) {
      if (segment.indexOf('/') >= 0) {
        return true;
      }
    }
    return false;
  }

  /** The path as the Go gateway reads it: decoded first, split afterwards. */
  public RequestPath splitAtEncodedSlashes() {
    return new RequestPath(raw, split(String.join("/", segments)));
  }

  public List<String> after(int count) {
    return segments.subList(count, segments.size());
  }

  /** All segments joined with slashes, without one at the end: the name of a page. */
  public static String join(List<String> segments) {
    int size = segments.size();
    boolean slashAtEnd = size > 0 && segments.get(size - 1).isEmpty();
    return String.join("/", slashAtEnd ? segments.subList(0, size - 1) : segments);
  }
}
