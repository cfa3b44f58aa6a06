package dev.pushgateway.request;

import dev.pushgateway.bytes.Utf8;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
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
  /** What servers put in place of raw bytes that are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

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
      segments.set(i, decode(segments.get(i)));
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

  static String decode(String segment) throws RequestRefusedException {
    if (isPlain(segment)) {
      return segment;
    }
    byte[] source = utf8(segment);
    byte[] decoded = new byte[source.length];
    int length = 0;
    for (int i = 0; i < source.length; i++) {
      byte b = source[i];
      if (b == '%') {
        b = (byte) escapedByte(source, i);
        i += 2;
      }
      decoded[length++] = b;
    }
    if (!Utf8.isValid(decoded, 0, length)) {
      throw RequestRefusedException.badRequest(
          "the path has a segment that is not UTF-8: " + SafeText.quote(segment));
    }
    return new String(decoded, 0, length, StandardCharsets.UTF_8);
  }

  private static boolean isPlain(String segment) {
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '%' || c > 0x7F) {
        return false;
      }
    }
    return true;
  }

  /** A raw character above 0x7F stands for its UTF-8 bytes; half of one stands for nothing. */
  private static byte[] utf8(String segment) throws RequestRefusedException {
    byte[] source = segment.getBytes(StandardCharsets.UTF_8);
    boolean isWhole = new String(source, StandardCharsets.UTF_8).equals(segment);
    if (!isWhole || segment.indexOf(REPLACEMENT) >= 0) {
      throw RequestRefusedException.badRequest("the path has a segment that is not UTF-8");
    }
    return source;
  }

  private static int escapedByte(byte[] source, int at) throws RequestRefusedException {
    int high = at + 1 < source.length ? Character.digit(source[at + 1], 16) : -1;
    int low = at + 2 < source.length ? Character.digit(source[at + 2], 16) : -1;
    if (high < 0 || low < 0) {
      String found =
          new String(source, at, Math.min(3, source.length - at), StandardCharsets.UTF_8);
      throw RequestRefusedException.badRequest(
          "the path has a broken escape: expected '%' and two hexadecimal digits, found "
              + SafeText.quote(found));
    }
    return high << 4 | low;
  }
}
