package dev.pushgateway.contract;

/**
 * Values of a label as they may be spelled in a path, and what they mean. A container may refuse
 * one before the gateway sees it; what it lets through means the same everywhere.
 */
public enum OddPath {
  PLUS("a+b", "a+b"),
  PARAMETER("a;b=c", "a;b=c"),
  ENCODED_SEMICOLON("a%3Bb", "a;b"),
  ENCODED_QUESTION_MARK("a%3Fb", "a?b"),
  ENCODED_HASH("a%23b", "a#b"),
  ENCODED_SPACE("a%20b", "a b"),
  ENCODED_QUOTE("a%22b", "a\\\"b"),
  ENCODED_UTF8("caf%C3%A9", "café"),
  ENCODED_EMOJI("%F0%9F%9A%80", "🚀"),
  JSP("page.jsp", "page.jsp"),
  WEB_INF("WEB-INF", "WEB-INF"),
  DOT(".", "."),
  DOT_DOT("..", ".."),
  /** What comes after the value is an empty name, which is dropped. */
  DOUBLED_SLASH("a//", "a"),
  ENCODED_DOT("%2E", "."),
  ENCODED_DOT_DOT("%2e%2E", ".."),
  /** Two: with one, the path has a component too many for whoever splits at it. */
  ENCODED_SLASH("a%2Fb%2Fc", "a/b/c"),
  ENCODED_BACKSLASH("a%5Cb", "a\\\\b"),
  ENCODED_PERCENT("a%25b", "a%b"),
  ENCODED_PERCENT_TWICE("a%252Fb", "a%2Fb"),
  ENCODED_TAB("a%09b", "a\tb"),
  ENCODED_LINE_FEED("a%0Ab", "a\\nb"),
  ENCODED_DELETE("a%7Fb", "a\u007fb"),
  RAW_UTF8("é", "é"),
  RAW_QUOTE("a\"b", "a\\\"b"),
  RAW_BRACES("{a}", "{a}"),
  RAW_BRACKETS("<a>[b]^`", "<a>[b]^`"),
  RAW_PIPE("a|b", "a|b"),
  RAW_BACKSLASH("a\\b", "a\\\\b"),
  LONG("x".repeat(9_000), "x".repeat(9_000));

  private final String spelling;
  private final String value;

  OddPath(String spelling, String value) {
    this.spelling = spelling;
    this.value = value;
  }

  /** As it goes into the request line. */
  String spelling() {
    return spelling;
  }

  /** As a scrape has it, between quotes. */
  String value() {
    return value;
  }
}
