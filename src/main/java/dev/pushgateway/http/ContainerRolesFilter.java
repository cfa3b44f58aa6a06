package dev.pushgateway.http;

import dev.pushgateway.access.Client;
import dev.pushgateway.access.Permissions;
import dev.pushgateway.access.Role;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.Origins;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Requirement;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * Enforces the roles of the servlet container's users: {@code pushgateway-push} and so on. Stands
 * before the servlet if a setting enables it.
 *
 * <p>The container authenticates its users.
 */
final class ContainerRolesFilter extends RouteFilter {
  /** Prefix of each role: a container has one set of roles for all applications. */
  private static final String PREFIX = "pushgateway-";

  ContainerRolesFilter(Routes routes, Origins origins, ErrorResponses errorResponses) {
    super(routes, origins, errorResponses);
  }

  @Override
  void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws RequestRefusedException, IOException, ServletException {
    Requirement requirement = routes.requirement(RequestPath.of(request), request.getMethod());
    if (requirement != Requirement.NOTHING && requirement != Requirement.HEALTH) {
      if (request.getUserPrincipal() == null && !request.authenticate(response)) {
        return; // The container has responded.
      }
      Client client = userOf(request);
      boolean isAllowed =
          requirement.role().map(client.permissions()::hasForAllGroups).orElse(client.isKnown());
      if (!isAllowed) {
        throw requirement.refusal(client);
      }
      accept(request, client, requirement);
    }
    chain.doFilter(request, response);
  }

  private static Client userOf(HttpServletRequest request) {
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (Role role : Role.values()) {
      if (request.isUserInRole(PREFIX + role.word())) {
        roles.add(role);
      }
    }
    String name = request.getRemoteUser();
    return new Client(name != null, name == null ? "" : name, Permissions.of(roles));
  }
}
