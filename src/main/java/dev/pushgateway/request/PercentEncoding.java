package dev.pushgateway.request;

import dev.pushgateway.bytes.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * Decodes percent escapes such as {@code %2F}. Refuses broken escapes and bytes that are not UTF-8.
 *
 * @param where the start of a refusal's sentence: {@code "the path has a"}
 * @param part the unit that is decoded: {@code "segment"}
 */
record PercentEncoding(String where, String part) {
  /** Servers replace raw bytes that are not UTF-8 by this character. */
  private static final char REPLACEMENT = '\uFFFD';

  String decode(String text) throws RequestRefusedException {
    if (isPlain(text)) {
      return text;
    }
    byte[] source = utf8(text);
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
      throw refusal(part + " that is not UTF-8: " + SafeText.quote(text));
    }
    return new String(decoded, 0, length, StandardCharsets.UTF_8);
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' || c > 0x7F) {
        return false;
      }
    }
    return true;
  }

  /** Returns the UTF-8 bytes of a text. Refuses unpaired surrogates and replacement characters. */
  private byte[] utf8(String text) throws RequestRefusedException {
    byte[] source = text.getBytes(StandardCharsets.UTF_8);
    boolean isWhole = new String(source, StandardCharsets.UTF_8).equals(text);
    if (!isWhole || text.indexOf(REPLACEMENT) >= 0) {
      throw refusal(part + " that is not UTF-8");
    }
    return source;
  }

  private int escapedByte(byte[] source, int at) throws RequestRefusedException {
    int high = at + 1 < source.length ? Character.digit(source[at + 1], 16) : -1;
    int low = at + 2 < source.length ? Character.digit(source[at + 2], 16) : -1;
    if (high < 0 || low < 0) {
      String found =
          new String(source, at, Math.min(3, source.length - at), StandardCharsets.UTF_8);
      throw refusal(
          "broken escape: expected '%' and two hexadecimal digits, found " + SafeText.quote(found));
    }
    return high << 4 | low;
  }

  private RequestRefusedException refusal(String what) {
    return RequestRefusedException.badRequest(where + ' ' + what);
  }
}
