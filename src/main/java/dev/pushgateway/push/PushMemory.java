package dev.pushgateway.push;

import dev.pushgateway.parse.TextAllowance;
import dev.pushgateway.parse.TextParser;
import dev.pushgateway.request.MemoryBudget;
import dev.pushgateway.request.RequestRefusedException;

/**
 * What a push takes of the heap beside its body, estimated before it is parsed.
 *
 * <p>Text grows when it is parsed, as each line gets the labels of its group: of a path of 60 KB, a
 * body of 1 MB could become many gigabytes.
 */
final class PushMemory implements TextAllowance {
  /** A buffer that doubles, and the block that is copied from it. */
  private static final long COPIES = 3;

  /** Of a line: what blanks and numbers may grow by, beside the labels. */
  private static final long LINE_GROWTH = 24;

  /** Of a line: where things are in it, twice; a bucket or quantile as an object. */
  private static final long LINE_BYTES = 128;

  /** {@code a 1}, and the line feed. */
  private static final int SHORTEST_LINE = 4;

  /** Under that, lines are not counted but taken for the shortest that there are. */
  private static final long COUNTS_LINES_FROM_BYTES = 1 << 20;

  /**
   * Of a body, how much it takes in all, as a rule: a line of 40 bytes is there itself, in up to
   * three arrays, three times with the labels of its group, and with {@link #LINE_BYTES}.
   */
  private static final long GROWTH = 12;

  /** How much longer compressed bodies become, as a rule. */
  private static final long COMPRESSION = 8;

  /** Of a body that does not say how long it is. */
  private static final long UNKNOWN_BYTES = 1 << 20;

  private final MemoryBudget.Reservation reservation;
  private final boolean isText;
  private RequestRefusedException refusal;

  PushMemory(MemoryBudget.Reservation reservation, boolean isText) {
    this.reservation = reservation;
    this.isText = isText;
  }

  /**
   * Waits a while until there is likely to be room for a large push, before more of its body is
   * read.
   *
   * @param length of the body as it is sent, negative if it is not known
   * @param isPlain whether it is not compressed
   * @throws RequestRefusedException if there will be no room
   */
  void expectBody(long length, boolean isPlain) throws RequestRefusedException {
    long known = length < 0 ? UNKNOWN_BYTES : length;
    long least = length < 0 || !isPlain ? 0 : isText ? length + COPIES * length : length;
    reservation.expect(least, known * GROWTH * (isPlain ? 1 : COMPRESSION));
  }

  /** Reserves room for an array for a body, or the first part of it. */
  void addBody(long length) throws RequestRefusedException {
    reservation.addArray(length);
  }

  /**
   * Reserves what it takes to parse a body, if that is text.
   *
   * @param groupingLength of the labels that each line gets, in bytes
   * @throws RequestRefusedException if there is no room
   */
  void addText(byte[] body, int length, int groupingLength) throws RequestRefusedException {
    if (!isText) {
      return;
    }
    long bytes = ofText(length, length / SHORTEST_LINE + 1, groupingLength);
    if (bytes > COUNTS_LINES_FROM_BYTES) {
      bytes = ofText(length, TextParser.countLines(body, 0, length), groupingLength);
    }
    reservation.add(bytes);
  }

  private static long ofText(long length, long lines, long groupingLength) {
    return COPIES * (length + lines * (groupingLength + LINE_GROWTH)) + lines * LINE_BYTES;
  }

  @Override
  public boolean take(long textBytes) {
    if (reservation.tryAdd(COPIES * textBytes)) {
      return true;
    }
    refusal = reservation.refusal(COPIES * textBytes);
    return false;
  }

  /** Throws what a parser could not throw, to which nothing was granted. */
  void throwRefusal() throws RequestRefusedException {
    if (refusal != null) {
      throw refusal;
    }
  }
}
