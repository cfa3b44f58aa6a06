package dev.pushgateway.bytes;

/** Bytes are not what their format says. The message names the offset and what was expected. */
public final class MalformedBytesException extends Exception {
  /** An exception with one sentence. */
  public MalformedBytesException(String message) {
    super(message);
  }
}
