package dev.pushgateway.admission;

/**
 * Reports that a request is refused because of a limit or for lack of memory. The message is a
 * sentence for the client.
 */
public final class OverloadedException extends Exception {
  private final boolean isTemporary;

  private OverloadedException(String message, boolean isTemporary) {
    super(message, null, false, false); // No fault of the code: needs no stack.
    this.isTemporary = isTemporary;
  }

  /** Refuses because of other requests: a retry may succeed. */
  static OverloadedException busy(String message) {
    return new OverloadedException(message, true);
  }

  /** Refuses because of stored data: a retry fails until a group is deleted. */
  static OverloadedException full(String message) {
    return new OverloadedException(message, false);
  }

  /** Returns whether a retry may succeed although nothing is deleted. */
  public boolean isTemporary() {
    return isTemporary;
  }
}
