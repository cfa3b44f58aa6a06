package dev.pushgateway.store;

/** What was pushed without a consistency check cannot be exposed. The message says why. */
public final class InconsistentStoreException extends Exception {
  InconsistentStoreException(String message) {
    super(message);
  }
}
