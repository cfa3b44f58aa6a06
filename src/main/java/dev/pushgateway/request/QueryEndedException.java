package dev.pushgateway.request;

/**
 * Reports that a query has taken too long or its client has gone. The message is a sentence for the
 * client.
 */
public final class QueryEndedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueryEndedException(String message) {
    super(message, null, false, false); // No fault of the code: needs no stack.
  }
}
