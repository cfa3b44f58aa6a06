package dev.pushgateway.parse;

/** Reports a push over a limit. The message names the value, the limit and the flag. */
public final class TooLargeException extends Exception {
  TooLargeException(String message) {
    super(message, null, false, false); // No stack trace: the client made the mistake.
  }
}
