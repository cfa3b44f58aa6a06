package dev.pushgateway.selector;

/**
 * Counts the work of a query. Matching and searching call {@link #step} again and again, at least
 * once for each 0.1 ms of work, so that a query can be ended by an unchecked exception.
 */
@FunctionalInterface
public interface Steps {
  /** Counts nothing, for work that has no limit. */
  Steps UNLIMITED = () -> {};

  /** Counts a step. May throw an unchecked exception, which ends the work. */
  void step();
}
