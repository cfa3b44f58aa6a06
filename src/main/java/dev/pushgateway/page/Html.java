package dev.pushgateway.page;

import java.io.IOException;

/** Writes text so that it stays text, in an element as well as in a quoted attribute. */
final class Html {
  private Html() {}

  static void text(Appendable out, String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }

  /** The same, cut short if it is long. */
  static void text(Appendable out, String text, int maxLength) throws IOException {
    text(out, text.length() <= maxLength ? text : text.substring(0, maxLength) + "…");
  }
}
