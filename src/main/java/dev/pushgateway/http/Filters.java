package dev.pushgateway.http;

import dev.pushgateway.access.WebConfigFile;
import dev.pushgateway.request.ErrorResponses;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.RefusalLog;
import jakarta.servlet.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes what has to stand before the servlet, at {@code /*}. */
public final class Filters {
  private final HttpOptions options;
  private final Routes routes;
  private final ErrorResponses errorResponses;
  private final RefusalLog refusalLog;

  Filters(
      HttpOptions options, Routes routes, ErrorResponses errorResponses, RefusalLog refusalLog) {
    this.options = options;
    this.routes = routes;
    this.errorResponses = errorResponses;
    this.refusalLog = refusalLog;
  }

  /**
   * Returns all filters as one.
   *
   * @param file says who may do what, if it is there
   * @param containerRoles whether the container says so
   * @return empty if everybody may do everything
   */
  public Optional<Filter> inOne(Optional<WebConfigFile> file, boolean containerRoles) {
    List<Filter> filters = new ArrayList<>();
    // In this order: what refuses a request must let pages read why.
    if (!options.origins().pushers().isEmpty()) {
      filters.add(new PushCorsFilter(routes, options.origins(), errorResponses));
    }
    if (file.isPresent()) {
      filters.add(new AccessFilter(file.get(), options, routes, errorResponses, refusalLog));
    }
    if (containerRoles) {
      filters.add(new ContainerRolesFilter(routes, options.origins(), errorResponses));
    }
    return filters.stream().reduce(Filters::both);
  }

  private static Filter both(Filter first, Filter second) {
    return (request, response, chain) ->
        first.doFilter(request, response, (req, res) -> second.doFilter(req, res, chain));
  }
}
