package dev.pushgateway.store;

/**
 * Reports families that were pushed without a consistency check and cannot be exposed. The message
 * says why.
 */
public final class InconsistentStoreException extends Exception {
  InconsistentStoreException(String message) {
    super(message);
  }
}
