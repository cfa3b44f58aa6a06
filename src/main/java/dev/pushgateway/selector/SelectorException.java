package dev.pushgateway.selector;

/**
 * Reports that a text is not a selector. The message gives the position, from 1, and the reason.
 */
public final class SelectorException extends Exception {
  SelectorException(String message) {
    super(message, null, false, false); // The caller's mistake: needs no stack trace.
  }
}
