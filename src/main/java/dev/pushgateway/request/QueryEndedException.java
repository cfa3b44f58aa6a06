package dev.pushgateway.request;

/** A query takes too long, or its client has gone. The message is a sentence for the client. */
public final class QueryEndedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueryEndedException(String message) {
    super(message, null, false, false); // Nobody's mistake: no use for where it was noticed.
  }
}
