package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletResponse;

/**
 * CORS headers that let scripts of any origin read the API, as in the Go gateway, but without PUT.
 */
public final class Cors {
  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

  private Cors() {}

  public static void set(HttpServletResponse response) {
    response.setHeader(
        "Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin");
    response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS");
    response.setHeader(ALLOW_ORIGIN, "*");
    response.setHeader("Access-Control-Expose-Headers", "Date");
    response.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
  }

  static boolean isSet(HttpServletResponse response) {
    return response.getHeader(ALLOW_ORIGIN) != null;
  }
}
