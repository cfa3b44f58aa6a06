package dev.pushgateway.store;

/** A push would make the exposition invalid. The message names both sides of the conflict. */
public final class PushRejectedException extends Exception {
  PushRejectedException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this; // The caller's mistake, told in the message: no use for where we noticed it.
  }
}
