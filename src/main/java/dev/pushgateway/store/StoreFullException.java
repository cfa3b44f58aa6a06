package dev.pushgateway.store;

/**
 * The store has no room for a push, and nothing has changed. There will be room once something is
 * deleted. The message says, in a sentence, which limit is reached.
 */
public final class StoreFullException extends Exception {
  private static final long serialVersionUID = 1L;

  StoreFullException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this; // Nobody's mistake: no use for where it was noticed.
  }
}
