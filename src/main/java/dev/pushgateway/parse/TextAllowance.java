package dev.pushgateway.parse;

/**
 * Grants memory to a parser that makes more text than the body has bytes. In protobuf, labels stand
 * once in a message but in each line of its text. In text, each family has buffers, even if it has
 * only one line.
 */
@FunctionalInterface
public interface TextAllowance {
  /** Grants any amount. */
  TextAllowance UNLIMITED = bytes -> true;

  /** The amount that is free at the start, and the minimum of each request, in bytes. */
  int STEP_BYTES = 16 << 10;

  /**
   * Returns whether the parser may make this much more text. Up to three copies exist at a time.
   */
  boolean take(long bytes);
}
