package dev.pushgateway.jetty;

/** The command line cannot be understood. The message is a sentence for whoever typed it. */
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
