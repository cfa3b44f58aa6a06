package dev.pushgateway.http;

import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Responses;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code PUT} and {@code POST /-/quit}: ends the process, if that is enabled. */
final class QuitHandler implements Endpoint {
  private static final int OK = 200;
  private static final int FORBIDDEN = 403;

  private final boolean enabled;
  private final Runnable quit;

  QuitHandler(HttpOptions options) {
    this.enabled = options.enableLifecycle();
    this.quit = options.quit();
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, IOException {
    if (!enabled) {
      throw new RequestRefusedException(FORBIDDEN, "Lifecycle API is not enabled.");
    }
    Responses.text(response, OK, "Requesting termination... Goodbye!");
    response.flushBuffer(); // The answer first: it may be the last that this process says.
    quit.run();
  }
}
