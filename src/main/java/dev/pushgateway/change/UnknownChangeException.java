package dev.pushgateway.change;

/**
 * Reports a change that only a newer gateway knows. The reader of a log must stop at it: leaving
 * the change out would not give the state that was acknowledged.
 */
public final class UnknownChangeException extends Exception {
  UnknownChangeException(String what) {
    super(what);
  }
}
