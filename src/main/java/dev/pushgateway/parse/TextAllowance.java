package dev.pushgateway.parse;

/**
 * Memory for a parser, which asks before it makes more text of a body than there are bytes in it:
 * labels that stand once in a message are in each line of its text, and families of a line have
 * buffers.
 */
@FunctionalInterface
public interface TextAllowance {
  /** Grants everything. */
  TextAllowance UNLIMITED = bytes -> true;

  /** The first step is free; a parser asks for at least this much at a time. */
  int STEP_BYTES = 16 << 10;

  /** Whether there may be this much more text. There are up to three copies of it at a time. */
  boolean take(long bytes);
}
