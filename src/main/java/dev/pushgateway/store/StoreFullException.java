package dev.pushgateway.store;

/**
 * The store has no room for a push, and nothing has changed. There will be room once something is
 * deleted. The message says, in a sentence, which limit is reached.
 */
public final class StoreFullException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Which limit is reached. */
  public enum Limit {
    /** One that somebody has set. */
    COUNT,
    /** There is not enough memory for more. */
    MEMORY,
    /** There would be, but for scrapes that are being read and keep alive what was replaced. */
    MEMORY_OF_READERS
  }

  private final Limit limit;

  StoreFullException(Limit limit, String message) {
    super(message);
    this.limit = limit;
  }

  public Limit limit() {
    return limit;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this; // Nobody's mistake: no use for where it was noticed.
  }
}
