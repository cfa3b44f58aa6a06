package dev.pushgateway.page;

/** Escapes text so that it stays text, in an element as well as in a quoted attribute. */
final class Html {
  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;") // First: the others begin with it.
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
