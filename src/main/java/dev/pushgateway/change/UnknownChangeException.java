package dev.pushgateway.change;

/**
 * Bytes are those of a change that only a newer gateway knows. Whoever reads a log must stop here:
 * to leave the change out would give another state than the one that was acknowledged.
 */
public final class UnknownChangeException extends Exception {
  UnknownChangeException(String what) {
    super(what);
  }
}
