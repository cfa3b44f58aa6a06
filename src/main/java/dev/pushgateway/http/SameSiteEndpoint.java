package dev.pushgateway.http;

import dev.pushgateway.request.Endpoint;
import dev.pushgateway.request.Origins;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Requirement;
import dev.pushgateway.store.InconsistentStoreException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * An endpoint that a browser may use for the gateway's own page only. Otherwise any page could
 * delete what its reader may delete, because the reader is in the same network or has logged in.
 */
final class SameSiteEndpoint implements Endpoint {
  private static final int FORBIDDEN = 403;

  private final Origins origins;
  private final Endpoint endpoint;

  SameSiteEndpoint(Origins origins, Endpoint endpoint) {
    this.origins = origins;
    this.endpoint = endpoint;
  }

  @Override
  public void handle(HttpServletRequest request, HttpServletResponse response, RequestPath path)
      throws RequestRefusedException, InconsistentStoreException, IOException {
    if (origins.isForeign(request)) {
      throw refusal();
    }
    endpoint.handle(request, response, path);
  }

  /**
   * A browser that remembers a password would push for any page; the page need not see the
   * response.
   */
  static void checkPush(Requirement requirement, Origins origins, HttpServletRequest request)
      throws RequestRefusedException {
    String origin = request.getHeader("Origin");
    boolean mayPush = origin != null && origins.mayPush(origin);
    if (requirement == Requirement.PUSH && !mayPush && origins.isForeign(request)) {
      throw refusal();
    }
  }

  static RequestRefusedException refusal() {
    return new RequestRefusedException(
        FORBIDDEN, "a browser sent this for a page of another site, which must not");
  }
}
