package dev.pushgateway.parse;

/**
 * Is asked by a parser before it makes more text of a body than there were bytes in it: labels that
 * stand once in a message are in each line of its text, and families of a line have buffers.
 */
@FunctionalInterface
public interface TextAllowance {
  /** Grants everything. */
  TextAllowance UNLIMITED = bytes -> true;

  /** Whether there may be so many more bytes of text. */
  boolean take(long bytes);
}
