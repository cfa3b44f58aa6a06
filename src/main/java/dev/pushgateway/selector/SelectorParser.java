package dev.pushgateway.selector;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.pushgateway.model.Names;
import dev.pushgateway.selector.LabelMatcher.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parses one series selector.
 *
 * <pre>
 *   selector  name | [name] '{' [matcher {',' matcher} [',']] '}'
 *   matcher   (label | string) ('=' | '!=' | '=~' | '!~') string | string
 *   string    "…" or '…' with Go's escapes, `…` without any
 * </pre>
 *
 * <p>A string that stands alone in the braces is the metric name, as in Prometheus 3. Regular
 * expressions have RE2's syntax. A match takes time in proportion to the length of the expression
 * times the length of the text.
 *
 * <p>Each instance parses one selector. Not thread-safe.
 *
 * @see <a
 *     href="https://prometheus.io/docs/prometheus/latest/querying/basics/#instant-vector-selectors">
 *     Selectors</a>
 */
public final class SelectorParser {
  private static final int MAX_LENGTH = 8_192;

  private final String text;
  private final RegexBudget budget;
  private final List<LabelMatcher> matchers = new ArrayList<>();
  private boolean hasName;
  private int at;

  private SelectorParser(String text, RegexBudget budget) {
    this.text = text;
    this.budget = budget;
  }

  /**
   * Parses a selector that is the only one of its request.
   *
   * @throws SelectorException with the position, from 1, and what was expected there
   */
  public static SeriesSelector parse(String text) throws SelectorException {
    return parse(text, new RegexBudget());
  }

  /**
   * Parses a selector.
   *
   * @param budget memory limit for all regular expressions of the request
   * @throws SelectorException with the position, from 1, and what was expected there
   */
  public static SeriesSelector parse(String text, RegexBudget budget) throws SelectorException {
    if (text.length() > MAX_LENGTH) {
      throw new SelectorException("the selector has more than " + MAX_LENGTH + " characters");
    }
    return new SelectorParser(text, budget).selector();
  }

  private SeriesSelector selector() throws SelectorException {
    skipSpace();
    if (isNameStart()) {
      addName(word(true));
      skipSpace();
    }
    if (at < text.length() && text.charAt(at) == '{') {
      at++;
      readMatchers();
    } else if (!hasName) {
      throw expected("a metric name or '{'");
    }
    skipSpace();
    if (at < text.length()) {
      throw expected("the end");
    }
    refuseIfEmptyMatches();
    return new SeriesSelector(matchers);
  }

  private void readMatchers() throws SelectorException {
    skipSpace();
    while (!accept('}')) {
      readMatcher();
      skipSpace();
      if (!accept(',')) {
        if (!accept('}')) {
          throw expected("',' or '}'");
        }
        return;
      }
      skipSpace();
    }
  }

  private void readMatcher() throws SelectorException {
    boolean isQuoted = isQuote();
    if (!isQuoted && !isNameStart()) {
      throw expected("a label name or '}'");
    }
    String name = isQuoted ? string() : word(false);
    skipSpace();
    if (isQuoted && (at == text.length() || ",}".indexOf(text.charAt(at)) >= 0)) {
      addName(name);
      return;
    }
    Operator operator = operator();
    skipSpace();
    int valueAt = at;
    if (!isQuote()) {
      throw expected("a value in quotes");
    }
    String value = string();
    if (name.equals(SeriesSelector.NAME) && operator == Operator.EQUAL) {
      addName(value);
      return;
    }
    Pattern pattern = operator.isRegex() ? compile(value, valueAt) : null;
    matchers.add(new LabelMatcher(name, operator, value, pattern));
  }

  private void addName(String name) throws SelectorException {
    if (hasName) {
      throw refusal(at, "the metric name is given twice");
    }
    hasName = true;
    matchers.add(new LabelMatcher(SeriesSelector.NAME, Operator.EQUAL, name, null));
  }

  private Operator operator() throws SelectorException {
    for (Operator operator : Operator.values()) {
      if (text.startsWith(operator.toString(), at)) {
        at += operator.toString().length();
        return operator;
      }
    }
    throw expected("'=', '!=', '=~' or '!~'");
  }

  private Pattern compile(String regex, int position) throws SelectorException {
    Optional<String> tooLarge = budget.take(regex);
    if (tooLarge.isPresent()) {
      throw refusal(position, tooLarge.get());
    }
    try {
      // In Prometheus, a dot matches a line feed.
      return Pattern.compile(regex, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw refusal(position, "bad regular expression: " + e.getDescription());
    }
  }

  /** Refuses a selector that matches everything, probably by accident, as Prometheus does. */
  private void refuseIfEmptyMatches() throws SelectorException {
    for (LabelMatcher matcher : matchers) {
      if (!matcher.matches("", Steps.UNLIMITED)) {
        return;
      }
    }
    throw refusal(0, "expected one matcher at least that an empty value does not satisfy");
  }

  private boolean isNameStart() {
    return at < text.length() && Names.isLegacyMetricName(text.substring(at, at + 1));
  }

  private String word(boolean withColons) {
    int from = at;
    while (at < text.length() && isNameChar(text.charAt(at), withColons)) {
      at++;
    }
    return text.substring(from, at);
  }

  private static boolean isNameChar(char c, boolean withColons) {
    return Names.isLegacyMetricName("a" + c) && (withColons || c != ':');
  }

  private boolean isQuote() {
    return at < text.length() && "\"'`".indexOf(text.charAt(at)) >= 0;
  }

  private String string() throws SelectorException {
    int from = at;
    char quote = text.charAt(at++);
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == quote) {
        return value.toString();
      }
      if (c == '\\' && quote != '`') {
        readEscape(value, quote);
      } else {
        value.append(c);
      }
    }
    throw refusal(from, "the string that starts here is not closed");
  }

  private void readEscape(StringBuilder value, char quote) throws SelectorException {
    int from = at - 1;
    char c = at < text.length() ? text.charAt(at++) : ' ';
    int simple = "abfnrtv\\".indexOf(c);
    if (simple >= 0) {
      value.append("\u0007\b\f\n\r\t\u000b\\".charAt(simple));
    } else if (c == quote) {
      value.append(c);
    } else if (c == 'x' || c == 'u' || c == 'U') {
      value.appendCodePoint(codePoint(c == 'x' ? 2 : c == 'u' ? 4 : 8, 16));
    } else if (c >= '0' && c <= '7') {
      at--;
      value.appendCodePoint(codePoint(3, 8));
    } else {
      throw refusal(from, "there is no such escape");
    }
  }

  private int codePoint(int digits, int radix) throws SelectorException {
    int end = at + digits;
    long code = 0;
    for (int i = at; i < end; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), radix) : -1;
      if (digit < 0) {
        throw refusal(i, "expected " + digits + " digits in this escape");
      }
      code = code * radix + digit;
    }
    if (code > Character.MAX_CODE_POINT) {
      throw refusal(at, "there is no such character");
    }
    at = end;
    return (int) code;
  }

  private boolean accept(char c) {
    boolean isThere = at < text.length() && text.charAt(at) == c;
    at += isThere ? 1 : 0;
    return isThere;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private SelectorException expected(String what) {
    boolean isAtEnd = at == text.length();
    String found = isAtEnd ? "the end" : "'" + Character.toString(text.codePointAt(at)) + "'";
    return refusal(at, "expected " + what + ", found " + found);
  }

  private SelectorException refusal(int position, String why) {
    return new SelectorException("position " + (position + 1) + ": " + why);
  }
}
