package dev.pushgateway.page;

/** Escapes text for HTML elements and quoted attributes. */
final class Html {
  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;") // First: the other escapes begin with it.
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
