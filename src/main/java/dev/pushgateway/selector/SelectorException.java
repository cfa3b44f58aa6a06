package dev.pushgateway.selector;

/** A text is no selector. The message says at which position, from 1, and why. */
public final class SelectorException extends Exception {
  SelectorException(String message) {
    super(message, null, false, false); // The caller's mistake: no use for where we noticed it.
  }
}
