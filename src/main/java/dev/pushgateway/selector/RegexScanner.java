package dev.pushgateway.selector;

/**
 * Finds where the tokens of a regular expression end, as RE2/J 1.8 finds it with its Perl syntax.
 * RE2/J does not tell the size of an expression before it has compiled it.
 *
 * <pre>
 *   \Q … \E           literal text, without any escape in it
 *   [ … ]             class; a bracket that comes first does not close it
 *   [:alpha:]         part of a class, as are \d and \pL
 *   \x{…} \x41 \101   character; \pL \p{Greek} Unicode class
 *   {n} {n,} {n,m}    repetition; with another content, the brace is a character
 * </pre>
 *
 * <p>An expression that RE2/J refuses has tokens, too: the scanner goes on behind the mistake.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">Syntax</a>
 */
final class RegexScanner {
  private static final String PERL_CLASSES = "dDsSwW";

  /** If RE2/J ignores case, a range of this many characters costs the time of a Unicode class. */
  private static final int WIDE = 1_000;

  private final String regex;
  private int ranges;
  private int unicodeClasses;

  RegexScanner(String regex) {
    this.regex = regex;
  }

  /** Returns the number of characters, ranges and classes in the brackets so far. */
  int ranges() {
    return ranges;
  }

  /**
   * Returns the number of Unicode classes so far. A range of more than {@value #WIDE} characters
   * counts as one.
   */
  int unicodeClasses() {
    return unicodeClasses;
  }

  boolean isAt(int at, char c) {
    return at < regex.length() && regex.charAt(at) == c;
  }

  /** Returns the end of one character, which may be one or two UTF-16 units. */
  int characterEnd(int at) {
    return at < regex.length() ? at + Character.charCount(regex.codePointAt(at)) : at;
  }

  /** Returns the end of the text in {@code \Q…\E}: the {@code \E}, or the end of the expression. */
  int quoteContentEnd(int at) {
    int end = regex.indexOf("\\E", at + 2);
    return end < 0 ? regex.length() : end;
  }

  /** Returns the end of an escape that stands for a character or a class. */
  int escapeEnd(int at) {
    if (isUnicodeClass(at)) {
      unicodeClasses++;
      return bracedEnd(at + 2);
    }
    int next = characterEnd(at + 1);
    if (isAt(at + 1, 'x')) {
      return isAt(next, '{') ? bracedEnd(next) : characterEnd(characterEnd(next));
    }
    if (isOctal(at + 1) && (isAt(at + 1, '0') || isOctal(next))) {
      int end = next;
      while (end < next + 2 && isOctal(end)) {
        end++;
      }
      return end;
    }
    return next;
  }

  private boolean isUnicodeClass(int at) {
    return isAt(at, '\\') && (isAt(at + 1, 'p') || isAt(at + 1, 'P'));
  }

  private boolean isOctal(int at) {
    return at < regex.length() && regex.charAt(at) >= '0' && regex.charAt(at) <= '7';
  }

  /** Returns the end of a name in braces, or of one character if there is no brace. */
  private int bracedEnd(int at) {
    int end = isAt(at, '{') ? regex.indexOf('}', at) : characterEnd(at) - 1;
    return end < 0 ? regex.length() : end + 1;
  }

  /** Returns the end of a class in brackets. */
  int classEnd(int from) {
    int at = isAt(from + 1, '^') ? from + 2 : from + 1;
    do {
      ranges++;
      at = classPartEnd(at);
    } while (at < regex.length() && !isAt(at, ']'));
    return at + 1;
  }

  private int classPartEnd(int at) {
    if (regex.startsWith("[:", at) && regex.indexOf(":]", at) > 0) {
      return regex.indexOf(":]", at) + 2;
    }
    boolean isEscape = isAt(at, '\\') && at + 1 < regex.length();
    if (isUnicodeClass(at) || isEscape && PERL_CLASSES.indexOf(regex.charAt(at + 1)) >= 0) {
      return escapeEnd(at);
    }
    int lowEnd = classCharacterEnd(at);
    if (!isAt(lowEnd, '-') || isAt(lowEnd + 1, ']')) {
      return lowEnd;
    }
    unicodeClasses += isWide(at, lowEnd + 1) ? 1 : 0;
    return classCharacterEnd(lowEnd + 1);
  }

  private int classCharacterEnd(int at) {
    return isAt(at, '\\') ? escapeEnd(at) : characterEnd(at);
  }

  private boolean isWide(int low, int high) {
    return isAt(low, '\\')
        || isAt(high, '\\')
        || high < regex.length() && regex.codePointAt(high) - regex.codePointAt(low) > WIDE;
  }

  /** Returns the end of {@code (}, {@code (?:}, {@code (?i:}, {@code (?<name>} or {@code (?i)}. */
  int openingEnd(int at) {
    if (regex.startsWith("(?P<", at) || regex.startsWith("(?<", at)) {
      int end = regex.indexOf('>', at);
      return end < 0 ? at + 1 : end + 1;
    }
    if (!isAt(at + 1, '?')) {
      return at + 1;
    }
    int end = at + 2;
    while (end < regex.length() && "imsU-".indexOf(regex.charAt(end)) >= 0) {
      end++;
    }
    return isAt(end, ':') || isAt(end, ')') ? end + 1 : at + 1;
  }

  /** Returns the end of a repetition in braces, or {@code at} if no repetition begins here. */
  int repetitionEnd(int at) {
    int end = numberEnd(at + 1);
    if (end < 0) {
      return at;
    }
    if (isAt(end, ',')) {
      int second = isAt(end + 1, '}') ? end + 1 : numberEnd(end + 1);
      end = second;
    }
    return end >= 0 && isAt(end, '}') ? end + 1 : at;
  }

  /** Returns the end of a number, or -1 if there is no number or one with a leading zero. */
  private int numberEnd(int from) {
    int at = from;
    while (at < regex.length() && regex.charAt(at) >= '0' && regex.charAt(at) <= '9') {
      at++;
    }
    return at == from || at > from + 1 && isAt(from, '0') ? -1 : at;
  }
}
