package dev.pushgateway.store;

/**
 * The store has as many groups or series as it may have. The push was refused, and nothing has
 * changed. The message names the limit.
 */
public final class StoreFullException extends Exception {
  StoreFullException(String message) {
    super(message, null, false, false); // Nobody's mistake: no use for where it was noticed.
  }
}
