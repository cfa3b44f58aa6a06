package dev.pushgateway.model;

/**
 * A way to write names outside the legacy alphabet for readers that do not know UTF-8 names.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/escaping_schemes/">Escaping schemes</a>
 */
public enum EscapingScheme {
  ALLOW_UTF_8("allow-utf-8"),
  UNDERSCORES("underscores"),
  DOTS("dots"),
  VALUES("values");

  private static final String VALUES_PREFIX = "U__";

  /**
   * The number of hexadecimal digits that is one too many. The Go gateway reads at most five,
   * although the largest character has six.
   */
  private static final int MAX_DIGITS = 6;

  private final String parameter;

  EscapingScheme(String parameter) {
    this.parameter = parameter;
  }

  /** Returns the value of the {@code escaping} parameter that stands for this scheme. */
  public String parameter() {
    return parameter;
  }

  /**
   * Returns a metric or label name as this scheme writes it. {@link #DOTS} doubles the underscores
   * even of legacy names. The other schemes return legacy names unchanged.
   */
  public String escape(String name) {
    if (this == ALLOW_UTF_8 || this != DOTS && Names.isLegacyMetricName(name)) {
      return name;
    }
    StringBuilder escaped = new StringBuilder(name.length() + 16);
    escaped.append(this == VALUES && !name.isEmpty() ? VALUES_PREFIX : "");
    for (int at = 0; at < name.length(); at += Character.charCount(name.codePointAt(at))) {
      escape(name.codePointAt(at), at == 0, escaped);
    }
    return escaped.toString();
  }

  private void escape(int character, boolean first, StringBuilder out) {
    boolean digit = character >= '0' && character <= '9';
    boolean legacy =
        character >= 'a' && character <= 'z'
            || character >= 'A' && character <= 'Z'
            || character == ':'
            || digit && !first;
    if (legacy) {
      out.append((char) character);
    } else if (this == UNDERSCORES) {
      out.append('_');
    } else if (this == DOTS && character == '.') {
      out.append("_dot_");
    } else if (this == DOTS || character == '_') {
      out.append("__");
    } else if (isSurrogate(character)) {
      out.append("_FFFD_");
    } else {
      out.append('_').append(Integer.toHexString(character)).append('_');
    }
  }

  private static boolean isSurrogate(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }

  /**
   * Returns the name that {@link #VALUES} has escaped; the argument itself if it is not such a
   * name.
   */
  public static String unescapeValues(String name) {
    if (!name.startsWith(VALUES_PREFIX)) {
      return name;
    }
    StringBuilder plain = new StringBuilder(name.length());
    int at = VALUES_PREFIX.length();
    while (at < name.length()) {
      int underscore = name.indexOf('_', at);
      if (underscore < 0) {
        return plain.append(name, at, name.length()).toString();
      }
      plain.append(name, at, underscore);
      int end = name.indexOf('_', underscore + 1);
      int character = end < 0 ? -1 : escapedCharacter(name, underscore + 1, end);
      if (character < 0) {
        return name;
      }
      plain.appendCodePoint(character);
      at = end + 1;
    }
    return plain.toString();
  }

  /**
   * Reads the hexadecimal number of a character at {@code [from, to)}.
   *
   * @return an underscore for an empty range; -1 for a range that is no character
   */
  private static int escapedCharacter(String name, int from, int to) {
    if (from == to) {
      return '_';
    }
    if (to - from >= MAX_DIGITS) {
      return -1;
    }
    int character = 0;
    for (int i = from; i < to; i++) {
      int digit = name.charAt(i) < 0x80 ? Character.digit(name.charAt(i), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      character = character * 16 + digit;
    }
    return isSurrogate(character) ? -1 : character;
  }
}
