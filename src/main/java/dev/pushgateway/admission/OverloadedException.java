package dev.pushgateway.admission;

/**
 * A request is not served now, because of a limit or for lack of memory. The message is a sentence
 * for the client.
 */
public final class OverloadedException extends Exception {
  private final boolean isTemporary;

  private OverloadedException(String message, boolean isTemporary) {
    super(message, null, false, false); // Nobody's mistake: no use for where it was noticed.
    this.isTemporary = isTemporary;
  }

  /** Other requests are in the way: a retry may succeed. */
  static OverloadedException busy(String message) {
    return new OverloadedException(message, true);
  }

  /** What is stored is in the way: a retry fails until something is deleted. */
  static OverloadedException full(String message) {
    return new OverloadedException(message, false);
  }

  /** Whether a retry may succeed although nothing is deleted. */
  public boolean isTemporary() {
    return isTemporary;
  }
}
