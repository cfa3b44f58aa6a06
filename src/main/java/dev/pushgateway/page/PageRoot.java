package dev.pushgateway.page;

import dev.pushgateway.request.HttpOptions;

/** From the page to the root of the gateway, wherever a proxy may have put it. */
final class PageRoot {
  private PageRoot() {}

  /**
   * The root as a relative path, or as the path that is seen from outside where that is known.
   *
   * @param rawPath of the page, as it was asked for, below the context
   * @return without a slash at the end
   */
  static String of(HttpOptions options, String rawPath, String contextPath) {
    if (!options.externalPathPrefix().isEmpty()) {
      return options.externalPathPrefix();
    }
    String prefix = options.routePrefix();
    if (rawPath.isEmpty()) {
      return lastSegment(contextPath);
    }
    if (rawPath.equals(prefix)) {
      return lastSegment(prefix);
    }
    return rawPath.equals(prefix + "/status/") ? ".." : ".";
  }

  /** What leads from {@code /a/b} to {@code /a/b/}. */
  private static String lastSegment(String path) {
    return "." + path.substring(path.lastIndexOf('/'));
  }
}
