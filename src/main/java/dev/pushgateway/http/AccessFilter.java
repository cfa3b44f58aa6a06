package dev.pushgateway.http;

import dev.pushgateway.access.AccessRules;
import dev.pushgateway.access.Authentication;
import dev.pushgateway.access.Authentication.Outcome;
import dev.pushgateway.access.Authenticator;
import dev.pushgateway.access.Client;
import dev.pushgateway.access.Permissions;
import dev.pushgateway.access.RateLimiter;
import dev.pushgateway.access.Role;
import dev.pushgateway.access.WebConfig;
import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.request.Cors;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.FixedHeadersResponse;
import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Requirement;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Enforces the web config file in its current version: counts requests against its rate limit,
 * authenticates clients, and checks their permissions.
 *
 * <p>Stands before the servlet if there is such a file.
 */
final class AccessFilter extends RouteFilter {
  private final transient WebConfigFile file;
  private final transient GroupPath groupPath;
  private final transient Authenticator authenticator = new Authenticator();
  private final transient RateLimiter rateLimiter = new RateLimiter(System::nanoTime);

  AccessFilter(
      WebConfigFile file, HttpOptions options, Routes routes, ErrorResponses errorResponses) {
    super(routes, options.origins(), errorResponses);
    this.file = file;
    this.groupPath = Routes.groupPath(options);
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    WebConfig config = file.current();
    Map<String, List<String>> headers = new HashMap<>();
    config.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    try {
      countAgainst(config, headers);
      if (config.rules().restrict()) {
        admit(request, config.rules(), headers);
      }
    } catch (RequestRefusedException e) {
      HttpServletResponse answer = new FixedHeadersResponse(response, headers);
      if (routes.isApi(request)) {
        Cors.set(answer);
      }
      refuse(e, request, answer);
      return;
    }
    chain.doFilter(
        request, headers.isEmpty() ? response : new FixedHeadersResponse(response, headers));
  }

  private void countAgainst(WebConfig config, Map<String, List<String>> headers)
      throws RequestRefusedException {
    long waitNanos = rateLimiter.countRequest(config.rateLimit());
    if (waitNanos > 0) {
      long seconds = TimeUnit.NANOSECONDS.toSeconds(waitNanos) + 1;
      headers.put("Retry-After", List.of(String.valueOf(seconds)));
      throw RequestRefusedException.tooMany("there are more requests than the rate limit allows");
    }
  }

  private void admit(
      HttpServletRequest request, AccessRules rules, Map<String, List<String>> headers)
      throws RequestRefusedException {
    RequestPath path = RequestPath.of(request);
    Requirement requirement = routes.requirement(path, request.getMethod());
    if (requirement == Requirement.NOTHING
        || requirement == Requirement.HEALTH && rules.openHealth()) {
      return;
    }
    Authentication authentication =
        authenticator.authenticate(request.getHeader("Authorization"), rules);
    if (authentication.outcome() == Outcome.BUSY) {
      throw RequestRefusedException.unavailable("too many logins are being checked; retry later");
    }
    if (authentication.outcome() == Outcome.WRONG) {
      errorResponses.refusalLog().logLogin(request);
      headers.put("WWW-Authenticate", rules.challenges());
      throw new RequestRefusedException(
          RequestRefusedException.UNAUTHORIZED, "the user, password or token is wrong");
    }
    Client client = authentication.client();
    if (!isAllowed(client, requirement, path)) {
      if (!client.isKnown()) {
        headers.put("WWW-Authenticate", rules.challenges());
      }
      throw requirement.refusal(client);
    }
    accept(request, client, requirement);
  }

  private boolean isAllowed(Client client, Requirement requirement, RequestPath path)
      throws RequestRefusedException {
    if (requirement.role().isEmpty()) {
      return client.isKnown() || client.permissions().isAny();
    }
    Role role = requirement.role().get();
    Permissions permissions = client.permissions();
    return permissions.hasForAllGroups(role)
        || permissions.has(role) && permissions.hasFor(role, groupPath.parse(path).labels());
  }
}
