package dev.pushgateway.bytes;

/** Reports bytes that break their format. The message names the offset and the expected content. */
public final class MalformedBytesException extends Exception {
  /**
   * Creates an exception.
   *
   * @param message one sentence
   */
  public MalformedBytesException(String message) {
    super(message);
  }
}
