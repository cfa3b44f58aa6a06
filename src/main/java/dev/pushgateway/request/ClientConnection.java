package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;

/**
 * The connection of a request, as far as the container offers it.
 *
 * <p>The servlet API cannot end a response that another thread is sending. An interrupt does not
 * help: Jetty 12.1 then returns the buffers of the interrupted write twice, and another connection
 * reads foreign data (2026-11-30).
 */
public interface ClientConnection {
  /** The request attribute in which a container may offer the connection. */
  String ATTRIBUTE = "dev.pushgateway.client-connection";

  /** Closes the connection. A thread that waits for the client gets an {@code IOException}. */
  void close();

  /**
   * Returns whether the client has closed the connection or its side of it; false if unknown. May
   * read from the connection: only the thread that serves the request may call this.
   */
  default boolean isGone() {
    return false;
  }

  /**
   * Returns the connection of a request. If the container offers none, {@link #close} does nothing.
   */
  static ClientConnection of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof ClientConnection connection
        ? connection
        : () -> {};
  }
}
