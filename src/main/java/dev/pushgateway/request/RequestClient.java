package dev.pushgateway.request;

import dev.pushgateway.access.Client;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** The client of a request: found by a filter, for endpoints that tell it what it may do. */
public final class RequestClient {
  private static final String ATTRIBUTE = "dev.pushgateway.client";

  private RequestClient() {}

  public static void set(HttpServletRequest request, Client client) {
    request.setAttribute(ATTRIBUTE, client);
  }

  /** Returns the client; empty if everybody may do everything. */
  public static Optional<Client> of(HttpServletRequest request) {
    return Optional.ofNullable((Client) request.getAttribute(ATTRIBUTE));
  }
}
