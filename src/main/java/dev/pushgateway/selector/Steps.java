package dev.pushgateway.selector;

/**
 * Counts the work of a query. Matching and searching call {@link #step} at least once for each 0.1
 * ms of work. An implementation can throw an unchecked exception to end the query.
 */
@FunctionalInterface
public interface Steps {
  /** Counts nothing and never ends the work. */
  Steps UNLIMITED = () -> {};

  /** Counts one step. May throw an unchecked exception to end the work. */
  void step();
}
