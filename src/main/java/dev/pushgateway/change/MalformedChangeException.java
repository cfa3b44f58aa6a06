package dev.pushgateway.change;

/** Reports damaged bytes that are not a change. The message says where and why. */
public final class MalformedChangeException extends Exception {
  MalformedChangeException(String message) {
    super(message);
  }
}
