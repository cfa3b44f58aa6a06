package dev.pushgateway.selector;

import com.google.re2j.Pattern;

/**
 * One condition of a selector on the value of one label. A missing label has an empty value, as in
 * Prometheus.
 *
 * @param pattern {@code null} if the operator is no regular expression
 */
public record LabelMatcher(String name, Operator operator, String value, Pattern pattern) {

  /**
   * Values of at most this many characters are matched at once: the largest program takes about 10
   * ms.
   */
  private static final int SHORT = 128;

  /** RE2/J runs this many instructions in 0.1 ms. */
  private static final int WORK_PER_STEP = 10_000;

  /**
   * Compares a label's value with the value in the selector. Regular expressions are anchored at
   * both ends. A symbol stands before any other symbol that is a prefix of it.
   */
  public enum Operator {
    MATCHES("=~"),
    MATCHES_NOT("!~"),
    NOT_EQUAL("!="),
    EQUAL("=");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    boolean isRegex() {
      return this == MATCHES || this == MATCHES_NOT;
    }

    @Override
    public String toString() {
      return symbol;
    }
  }

  boolean matches(String labelValue, Steps steps) {
    return switch (operator) {
      case EQUAL -> value.equals(labelValue);
      case NOT_EQUAL -> !value.equals(labelValue);
      case MATCHES -> fits(labelValue, steps);
      case MATCHES_NOT -> !fits(labelValue, steps);
    };
  }

  private boolean fits(String labelValue, Steps steps) {
    if (labelValue.length() <= SHORT) {
      long work = (long) labelValue.length() * pattern.programSize();
      for (long done = 0; done <= work; done += WORK_PER_STEP) {
        steps.step();
      }
      return pattern.matches(labelValue); // Usual case: 12 % faster than with counted reads.
    }
    return pattern.matcher(new CountedText(labelValue, steps)).matches();
  }
}
