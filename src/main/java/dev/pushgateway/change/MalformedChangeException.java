package dev.pushgateway.change;

/** Bytes are not those of a change: they are damaged. The message says where and why. */
public final class MalformedChangeException extends Exception {
  MalformedChangeException(String message) {
    super(message);
  }
}
