package dev.pushgateway.gateway;

/** Paths in the settings, brought into the one form that the servlets work with. */
final class RoutePrefix {
  private RoutePrefix() {}

  /** A prefix, empty or with a slash at its start and none at its end. */
  static String normalize(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    if (end == 0) {
      return "";
    }
    return path.startsWith("/") ? path.substring(0, end) : "/" + path.substring(0, end);
  }
}
