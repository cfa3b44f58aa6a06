package dev.pushgateway.model;

/** A pushed body is not in the format it is said to be in. The message says where, and why. */
public final class ExpositionException extends Exception {
  public ExpositionException(String message) {
    super(message, null, false, false); // The caller's mistake: no use for where we noticed it.
  }
}
