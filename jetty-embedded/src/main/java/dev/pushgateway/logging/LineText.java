package dev.pushgateway.logging;

/**
 * The text of one line, which takes at most so many bytes as UTF-8. The limit can be raised, so
 * that the first part of a line leaves room for the rest.
 */
final class LineText {
  /** Stands for what was cut off. */
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

  /** Appends what belongs to the line's form; there is room, as the caller has checked. */
  void append(String form) {
    text.append(form);
    bytes += form.length();
  }

  /**
   * Appends a character of a name or a value.
   *
   * @param escaped the character as it is written: one character, or an escape in ASCII
   * @return false if there is no room: the text then ends with a mark, and its value is over
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

  /** Half of a pair counts as a character of its own; such are written as escapes. */
  private static int bytesOf(char c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
