package dev.pushgateway.http;

import dev.pushgateway.request.Cors;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.Origins;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Responses;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A filter before the servlet that refuses requests, depending on what their path leads to. */
abstract class RouteFilter extends HttpFilter {
  final transient Routes routes;
  final transient Origins origins;
  private final transient ErrorResponses errorResponses;

  RouteFilter(Routes routes, Origins origins, ErrorResponses errorResponses) {
    this.routes = routes;
    this.origins = origins;
    this.errorResponses = errorResponses;
  }

  /** Answers a request that the filter does not let through. */
  final void refuse(
      RequestRefusedException refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Responses.setGeneralHeaders(response);
    errorResponses.refused(refusal, request, response);
  }

  /** Like {@link #refuse}, and lets scripts from anywhere read the answer of the API. */
  final void refuseReadably(
      RequestRefusedException refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (routes.isApi(request)) {
      Cors.set(response);
    }
    refuse(refusal, request, response);
  }
}
