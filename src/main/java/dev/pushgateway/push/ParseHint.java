package dev.pushgateway.push;

import dev.pushgateway.request.SafeText;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Explains to a client why its body could not be parsed. Often the metrics are fine, but the client
 * has compressed the body without saying so, or has sent a form.
 */
final class ParseHint {
  /** Encodings that are undone before the parser, or need not be. */
  private static final Set<String> KNOWN_ENCODINGS =
      Set.of("", "identity", BodyReader.GZIP, BodyReader.SNAPPY);

  private static final byte[] GZIP_START = {0x1F, (byte) 0x8B};
  private static final byte[] SNAPPY_START = {
    (byte) 0xFF, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y',
  };

  private ParseHint() {}

  /**
   * Returns the message for the client.
   *
   * @param scratch has the body, as the parser gets it
   * @param reason the parser's message
   */
  static String message(HttpServletRequest request, PushScratch scratch, String reason) {
    String encoding = BodyReader.encodingOf(request);
    boolean isKnown = KNOWN_ENCODINGS.contains(encoding);
    if (isKnown && startsWith(scratch, GZIP_START)) {
      return packed(BodyReader.GZIP, encoding);
    }
    if (isKnown && startsWith(scratch, SNAPPY_START)) {
      return packed(BodyReader.SNAPPY, encoding);
    }
    return reason + formHint(request, scratch) + (isKnown ? "" : encodingHint(encoding));
  }

  private static boolean startsWith(PushScratch scratch, byte[] start) {
    return scratch.length >= start.length
        && Arrays.equals(scratch.bytes, 0, start.length, start, 0, start.length);
  }

  private static String packed(String found, String encoding) {
    return found.equals(encoding)
        ? "the body is " + found + " twice, but Content-Encoding says so only once"
        : "the body is " + found + ", but Content-Encoding does not say so";
  }

  private static String formHint(HttpServletRequest request, PushScratch scratch) {
    String header = request.getHeader("Content-Type");
    String type = header == null ? "" : header.trim().toLowerCase(Locale.ROOT);
    if (type.startsWith("multipart/form-data")) {
      return "; the body is a form; send the file itself: curl --data-binary @FILE";
    }
    boolean isForm = type.startsWith("application/x-www-form-urlencoded");
    return isForm && !hasLineFeed(scratch) ? "; curl -d removes line feeds; use --data-binary" : "";
  }

  private static boolean hasLineFeed(PushScratch scratch) {
    for (int i = 0; i < scratch.length; i++) {
      if (scratch.bytes[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  private static String encodingHint(String encoding) {
    return "; the body was read as it is, as its content encoding "
        + SafeText.quote(encoding)
        + " is neither gzip nor snappy";
  }
}
