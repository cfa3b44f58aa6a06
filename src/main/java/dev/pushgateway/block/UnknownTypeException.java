package dev.pushgateway.block;

/** Reports a record with a family of a type that only a newer gateway knows. */
public final class UnknownTypeException extends Exception {
  UnknownTypeException(int number) {
    super("metric type " + number);
  }
}
