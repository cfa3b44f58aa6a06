package dev.pushgateway.store;

/**
 * Reports a push that would exceed the limit of groups or series. The push was refused, and nothing
 * has changed. The message names the limit.
 */
public final class StoreFullException extends Exception {
  StoreFullException(String message) {
    super(message, null, false, false); // No stack trace: this is no fault of the gateway.
  }
}
