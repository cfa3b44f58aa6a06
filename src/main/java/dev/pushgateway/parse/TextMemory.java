package dev.pushgateway.parse;

import dev.pushgateway.model.ExpositionException;

/** The memory that a parse of text takes, asked for in steps. Not thread-safe. */
final class TextMemory {
  private TextAllowance allowance = TextAllowance.UNLIMITED;

  /** How much more there may be before {@link #allowance} is asked. */
  private long left;

  private long granted;

  /** Starts with a new body. */
  void start(TextAllowance newAllowance) {
    allowance = newAllowance;
    granted = TextAllowance.STEP_BYTES;
  }

  /** Starts once more with the same body: what was made of it so far is garbage. */
  void startAgain() {
    left = granted;
  }

  /** Takes memory for the line at hand. */
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
