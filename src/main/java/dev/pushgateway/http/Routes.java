package dev.pushgateway.http;

import dev.pushgateway.request.GroupPath;
import dev.pushgateway.request.HttpOptions;
import dev.pushgateway.request.RequestPath;
import dev.pushgateway.request.RequestRefusedException;
import dev.pushgateway.request.Requirement;
import dev.pushgateway.request.Resource;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the resource of a path. Thread-safe. */
final class Routes {
  private static final List<String> API = List.of("api", "v1");

  /** A resource and the path as it was read to find the resource. */
  record RouteMatch(Resource resource, RequestPath path) {}

  private final List<String> prefix;
  private final Map<String, Resource> pages;
  private final Resource group;
  private final Resource elsewhereInApi = Endpoints.elsewhereInApi();

  Routes(String prefix, Endpoints endpoints) {
    this.prefix = segments(prefix);
    pages = endpoints.pages();
    group = endpoints.group();
  }

  /** Returns the name of the page at a path: a key of {@link Endpoints#pages()}. */
  static String page(String path) {
    return RequestPath.join(segments(path));
  }

  /** Returns whether a path, without the prefix, belongs to groups or to the API. */
  static boolean isGroupOrApi(String path) {
    List<String> segments = segments(path);
    return isGroup(segments) || startWith(API, segments);
  }

  private static List<String> segments(String path) {
    return Stream.of(path.split("/")).filter(segment -> !segment.isEmpty()).toList();
  }

  /** Returns whether a request goes to the API. A malformed path does not. */
  boolean isApi(HttpServletRequest request) {
    try {
      return isApi(RequestPath.of(request));
    } catch (RequestRefusedException e) {
      return false; // The servlet refuses the path, if nothing else does before.
    }
  }

  /** Returns whether a method on the request's path is a push; false if the path is malformed. */
  boolean isPush(HttpServletRequest request, String method) {
    try {
      return requirement(RequestPath.of(request), method) == Requirement.PUSH;
    } catch (RequestRefusedException e) {
      return false;
    }
  }

  /** Returns whether a path belongs to the API, known or not. */
  boolean isApi(RequestPath path) {
    return startWith(prefix, path.segments()) && startWith(API, path.after(prefix.size()));
  }

  private static boolean startWith(List<String> start, List<String> segments) {
    return segments.size() >= start.size() && segments.subList(0, start.size()).equals(start);
  }

  /** Returns the permission that a client needs for a method on a path. */
  Requirement requirement(RequestPath path, String method) {
    Optional<Resource> resource = find(path).map(RouteMatch::resource).filter(Resource::exists);
    if (resource.isEmpty()) {
      return Requirement.LOGIN;
    }
    Resource.Operation operation = resource.get().operations().get(method);
    if (operation == null) {
      return method.equals(Resource.OPTIONS) ? Requirement.NOTHING : Requirement.LOGIN;
    }
    return operation.requirement();
  }

  /** Returns the reader of group paths. */
  static GroupPath groupPath(HttpOptions options) {
    return new GroupPath(options.utf8Names(), segments(options.routePrefix()).size() + 1);
  }

  /**
   * Returns the resource of a path. If there is none, reads encoded slashes as separators and tries
   * again.
   */
  Optional<RouteMatch> find(RequestPath path) {
    Optional<RouteMatch> match = findAsItIs(path);
    return match.isEmpty() && path.hasEncodedSlash()
        ? findAsItIs(path.splitAtEncodedSlashes())
        : match;
  }

  private Optional<RouteMatch> findAsItIs(RequestPath path) {
    if (!startWith(prefix, path.segments())) {
      return Optional.empty();
    }
    List<String> segments = path.after(prefix.size());
    if (isGroup(segments)) {
      return Optional.of(new RouteMatch(group, path));
    }
    Resource page = pages.get(RequestPath.join(segments));
    if (page == null && startWith(API, segments)) {
      page = elsewhereInApi;
    }
    return Optional.ofNullable(page).map(resource -> new RouteMatch(resource, path));
  }

  /**
   * Returns whether a path is {@code metrics/job/…}, with at least a slash after {@code job}. The
   * handlers refuse a missing job.
   */
  private static boolean isGroup(List<String> segments) {
    return segments.size() > 2
        && segments.get(0).equals("metrics")
        && (segments.get(1).equals(GroupPath.JOB) || segments.get(1).equals(GroupPath.JOB_BASE64));
  }
}
