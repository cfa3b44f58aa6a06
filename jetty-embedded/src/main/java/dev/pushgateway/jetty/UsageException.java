package dev.pushgateway.jetty;

/** The command line cannot be understood. The message is a sentence for whoever typed it. */
public final class UsageException extends Exception {
  UsageException(String message) {
    super(message);
  }
}
