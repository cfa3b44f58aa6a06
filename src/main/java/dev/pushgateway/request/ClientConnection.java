package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The connection that a request came on, as far as the container shows it.
 *
 * <p>A servlet has no means to end a response that another thread waits to send. An interrupt is
 * none: Jetty 12.1 gives the buffers of an interrupted write back twice, and another connection
 * then reads what is not its own (2026-11-30).
 */
public interface ClientConnection {
  /** The request attribute in which a container may offer the connection. */
  String ATTRIBUTE = "dev.pushgateway.client-connection";

  /** Ends the connection. A thread that waits for the client gets an {@code IOException}. */
  void close();

  /**
   * Returns whether the client has closed the connection, or its side of it; false if the container
   * does not know. May read from the connection: only the thread that serves the request may ask.
   */
  default boolean isGone() {
    return false;
  }

  /** Returns the connection of a request; one that cannot be closed if the container has none. */
  static ClientConnection of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection
        ? connection
        : () -> {};
  }
}
