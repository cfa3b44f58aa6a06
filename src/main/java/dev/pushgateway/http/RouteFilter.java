package dev.pushgateway.http;

import dev.pushgateway.access.Client;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.Origins;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Requirement;
import dev.pushgateway.request.Responses;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** A filter before the servlet that refuses some requests, depending on their path. */
abstract class RouteFilter extends HttpFilter {
  private static final String CLIENT = "dev.pushgateway.client";

  final transient Routes routes;
  final transient Origins origins;
  final transient ErrorResponses errorResponses;

  RouteFilter(Routes routes, Origins origins, ErrorResponses errorResponses) {
    this.routes = routes;
    this.origins = origins;
    this.errorResponses = errorResponses;
  }

  @Override
  protected final void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      filter(request, response, chain);
    } catch (RequestRefusedException e) {
      refuse(e, request, response);
    }
  }

  /** Passes a request to the chain, responds to it, or refuses it. */
  abstract void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws RequestRefusedException, IOException, ServletException;

  /**
   * Stores an authorized client for the endpoint, after a check of the page that a push comes from.
   */
  final void accept(HttpServletRequest request, Client client, Requirement requirement)
      throws RequestRefusedException {
    if (requirement == Requirement.PUSH) {
      origins.refuseForeignPush(request);
    }
    request.setAttribute(CLIENT, client);
  }

  /** Returns the client of a request; empty if every client may do everything. */
  static Optional<Client> client(HttpServletRequest request) {
    return Optional.ofNullable((Client) request.getAttribute(CLIENT));
  }

  final void refuse(
      RequestRefusedException refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Responses.setGeneralHeaders(response);
    errorResponses.refused(refusal, request, response);
  }
}
