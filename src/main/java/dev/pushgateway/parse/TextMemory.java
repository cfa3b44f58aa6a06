package dev.pushgateway.parse;

import dev.pushgateway.model.ExpositionException;

/** The memory that parsing text takes, requested in steps. Not thread-safe. */
final class TextMemory {
  private TextAllowance allowance = TextAllowance.UNLIMITED;

  /** The bytes left until {@link #allowance} is asked again. */
  private long left;

  private long granted;

  /** Starts with a new body. */
  void start(TextAllowance newAllowance) {
    allowance = newAllowance;
    granted = TextAllowance.STEP_BYTES;
  }

  /** Starts again with the same body. The results of the first parse are garbage by then. */
  void startAgain() {
    left = granted;
  }

  /** Takes memory for the current line. */
  void take(int bytes, TextCursor in) throws ExpositionException {
    left -= bytes;
    if (left < 0) {
      long more = Math.max(TextAllowance.STEP_BYTES, -left);
      if (!allowance.take(more)) {
        throw in.error(in.lineStart(), "there is not enough memory for this line");
      }
      left += more;
      granted += more;
    }
  }
}
