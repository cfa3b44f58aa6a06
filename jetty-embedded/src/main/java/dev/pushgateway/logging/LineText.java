package dev.pushgateway.logging;

/**
 * The text of one line, with a limit of bytes in UTF-8. The limit can be raised, so that the first
 * part of a line leaves room for the rest.
 */
final class LineText {
  /** Marks the place of a cut. */
  private static final char CUT = '…';

  private static final int CUT_BYTES = 3;

  private final StringBuilder text = new StringBuilder(160);
  private int bytes;
  private int maxBytes;

  LineText(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  void raiseLimit(int newMaxBytes) {
    maxBytes = newMaxBytes;
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  boolean hasRoomFor(int count) {
    return bytes + count <= maxBytes;
  }

  /** Appends ASCII syntax of the line's format. The caller makes sure that there is room. */
  void append(String form) {
    text.append(form);
    bytes += form.length();
  }

  /**
   * Appends a character of a name or a value.
   *
   * @param escaped the character as written: one character, or an escape in ASCII
   * @return false if there is no room: the text then ends with a mark, and the rest of the value
   *     must be left out
   */
  boolean appendContent(String escaped) {
    int count = escaped.length() == 1 ? bytesOf(escaped.charAt(0)) : escaped.length();
    if (!hasRoomFor(count + CUT_BYTES)) {
      text.append(CUT);
      bytes += CUT_BYTES;
      return false;
    }
    text.append(escaped);
    bytes += count;
    return true;
  }

  /**
   * Returns the bytes of a character in UTF-8. Surrogates never come here: they are written as
   * escapes.
   */
  private static int bytesOf(char c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
