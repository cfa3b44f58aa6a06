package dev.pushgateway.http;

import dev.pushgateway.telemetry.OwnMetrics;
import jakarta.servlet.http.HttpServlet;
import java.time.Clock;

/** Takes every request; to be mapped at {@code /*}. */
public final class GatewayServlet extends HttpServlet {
  /**
   * A servlet.
   *
   * @param clock tells when a push arrived
   */
  public GatewayServlet(
      HttpOptions options, Backend backend, OwnMetrics ownMetrics, Clock clock) {}
}
