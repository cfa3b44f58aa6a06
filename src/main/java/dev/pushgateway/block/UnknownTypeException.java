package dev.pushgateway.block;

/** A record has a family of a type that only a newer gateway knows. */
public final class UnknownTypeException extends Exception {
  UnknownTypeException(int number) {
    super("metric type " + number);
  }
}
