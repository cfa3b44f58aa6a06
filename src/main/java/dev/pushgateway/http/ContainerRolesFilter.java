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
 * Lets through what a user of the servlet container may do: roles are called {@code
 * pushgateway-push} and so on there. Stands before the servlet where that is set.
 *
 * <p>How users prove who they are is up to the container, which is asked to see to it.
 */
final class ContainerRolesFilter extends RouteFilter {
  /** Before each role, as a container has one set of roles for all applications. */
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
        return; // The container has answered.
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
