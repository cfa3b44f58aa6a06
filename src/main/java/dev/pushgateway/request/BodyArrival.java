package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The body of a request whose client waits for {@code 100 Continue} before it sends one, as far as
 * the container can wait for it without a thread.
 */
public interface BodyArrival {
  /** The request attribute in which a container may offer this. */
  String ATTRIBUTE = "dev.pushgateway.body-arrival";

  /**
   * Tells the client to send the body. To be called at most once, after {@code startAsync}.
   *
   * @param task runs on another thread when the body, or a part of it that is worth a thread, is
   *     here, or will never be
   */
  void await(Runnable task);

  /** Returns the body to wait for; empty if the container waits by itself, in the read. */
  static Optional<BodyArrival> of(HttpServletRequest request) {
    return Optional.ofNullable((BodyArrival) request.getAttribute(ATTRIBUTE));
  }
}
