package dev.pushgateway.http;

import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.FixedHeadersResponse;
import dev.pushgateway.request.Origins;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Resource;
import dev.pushgateway.request.Responses;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Lets pages of the configured origins push, and refuses pushes of other pages. Stands before all
 * other filters, if such origins are configured.
 *
 * <p>There is no {@code Access-Control-Allow-Credentials}: no page can read responses that need the
 * password which the browser remembers.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">CORS protocol</a>
 */
final class PushCorsFilter extends RouteFilter {

  PushCorsFilter(Routes routes, Origins origins, ErrorResponses errorResponses) {
    super(routes, origins, errorResponses);
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws RequestRefusedException, IOException, ServletException {
    boolean isPreflight = request.getMethod().equals(Resource.OPTIONS);
    String origin = request.getHeader("Origin");
    if (origin != null && routes.isPush(request, isPreflight ? "PUT" : request.getMethod())) {
      if (origins.mayPush(origin)) {
        letIn(origin, isPreflight, request, response, chain);
        return;
      }
      if (!isPreflight) {
        origins.refuseForeign(request);
      }
    }
    chain.doFilter(request, response);
  }

  private static void letIn(
      String origin,
      boolean isPreflight,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse allowing =
        new FixedHeadersResponse(
            response,
            Map.of("Access-Control-Allow-Origin", List.of(origin), "Vary", List.of("Origin")));
    if (!isPreflight) {
      chain.doFilter(request, allowing);
      return;
    }
    allowing.setHeader("Access-Control-Allow-Methods", "POST, PUT");
    allowing.setHeader(
        "Access-Control-Allow-Headers", "Authorization, Content-Encoding, Content-Type");
    allowing.setHeader("Access-Control-Max-Age", "600"); // Seconds.
    Responses.setGeneralHeaders(allowing);
    Responses.empty(allowing, HttpServletResponse.SC_OK);
  }
}
