package dev.pushgateway.page;

import jakarta.servlet.http.HttpServletResponse;

/** What a browser is told about the page and all of its files. */
final class PageHeaders {
  /**
   * Nothing but what comes from this gateway: no script or style within the page, no other host, no
   * frame around it; and no text that a script could take for markup.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'self'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private PageHeaders() {}

  static void set(HttpServletResponse response, PageFile file) {
    response.setContentType(file.contentType());
    response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    // Asked for again each time, so that an update of the gateway is seen at once; mostly a 304.
    response.setHeader("Cache-Control", "no-cache");
  }
}
