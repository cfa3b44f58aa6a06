package dev.pushgateway.model;

/** Reports a pushed body that is not in its declared format. The message says where and why. */
public final class ExpositionException extends Exception {
  public ExpositionException(String message) {
    super(message, null, false, false); // No stack trace: the client made the mistake.
  }
}
