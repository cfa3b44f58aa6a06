package dev.pushgateway.parse;

/** A push has more of something than it may; the message says of what, and how much is allowed. */
public final class TooLargeException extends Exception {
  TooLargeException(String message) {
    super(message, null, false, false); // The caller's mistake: no use for where we noticed it.
  }
}
