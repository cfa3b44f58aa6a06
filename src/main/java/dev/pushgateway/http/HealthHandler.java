package dev.pushgateway.http;

import dev.pushgateway.request.Backend;
import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Responses;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * {@code GET /-/healthy} and {@code GET /-/ready}: whether to restart it, and whether to use it.
 */
final class HealthHandler implements Endpoint {
  private static final int OK = 200;
  private static final int UNHEALTHY = 500;

  private final Backend backend;
  private final boolean asksForReadiness;

  private HealthHandler(Backend backend, boolean asksForReadiness) {
    this.backend = backend;
    this.asksForReadiness = asksForReadiness;
  }

  static HealthHandler healthy(Backend backend) {
    return new HealthHandler(backend, false);
  }

  static HealthHandler ready(Backend backend) {
    return new HealthHandler(backend, true);
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, IOException {
    if (asksForReadiness) {
      backend.readyStore();
    }
    Optional<String> unhealthyReason = backend.unhealthyReason();
    // With a disk that fails it still serves scrapes, so that nobody should send them elsewhere.
    if (unhealthyReason.isPresent() && !asksForReadiness) {
      throw new RequestRefusedException(UNHEALTHY, unhealthyReason.get());
    }
    Responses.text(response, OK, "OK");
  }
}
