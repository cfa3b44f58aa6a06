package dev.pushgateway.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between {@code -----BEGIN label-----} and {@code -----END label-----}.
 *
 * @param label {@code CERTIFICATE}, {@code PRIVATE KEY} and others
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>
 */
record PemBlock(String label, byte[] der) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([^-]*)-----END \\1-----");

  /** All blocks in a text; what is around them, and blocks that are broken, are left out. */
  static List<PemBlock> in(String text) {
    List<PemBlock> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      try {
        byte[] der = Base64.getDecoder().decode(matcher.group(2).replaceAll("\\s", ""));
        blocks.add(new PemBlock(matcher.group(1), der));
      } catch (IllegalArgumentException e) {
        // Not base64, such as a key with the headers of an old encryption: no use to us.
      }
    }
    return blocks;
  }
}
