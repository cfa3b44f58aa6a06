package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The body of a request whose client waits for {@code 100 Continue} before it sends the body. A
 * container offers this if it can wait for the body without a thread.
 */
public interface BodyArrival {
  /** The request attribute in which a container may offer this. */
  String ATTRIBUTE = "dev.pushgateway.body-arrival";

  /**
   * Tells the client to send the body. Call this at most once, after {@code startAsync}.
   *
   * @param task runs on another thread when the body has arrived, or enough of it for a thread, or
   *     when it will never arrive
   */
  void await(Runnable task);

  /** Returns the body to wait for; empty if the container only waits within reads. */
  static Optional<BodyArrival> of(HttpServletRequest request) {
    return Optional.ofNullable((BodyArrival) request.getAttribute(ATTRIBUTE));
  }
}
