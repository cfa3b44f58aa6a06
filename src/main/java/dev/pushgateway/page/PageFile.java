package dev.pushgateway.page;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The files of the web page. Only these are ever served, whatever else lies beside them.
 *
 * @param path below the folder of the page
 */
public record PageFile(String path) {
  /** The page itself, which is a template: see {@link StatusPageHandler}. */
  public static final PageFile INDEX = new PageFile("static/index.html");

  /** What the page loads. */
  public static final List<PageFile> ASSETS =
      List.of(
          new PageFile("static/icon.svg"),
          new PageFile("static/css/colors.css"),
          new PageFile("static/css/layout.css"),
          new PageFile("static/css/groups.css"),
          new PageFile("static/css/family.css"),
          new PageFile("static/css/noscript.css"),
          new PageFile("static/js/main.js"),
          new PageFile("static/js/api.js"),
          new PageFile("static/js/chart.js"),
          new PageFile("static/js/confirm.js"),
          new PageFile("static/js/dom.js"),
          new PageFile("static/js/family.js"),
          new PageFile("static/js/filters.js"),
          new PageFile("static/js/format.js"),
          new PageFile("static/js/group.js"),
          new PageFile("static/js/groups.js"),
          new PageFile("static/js/histogram.js"),
          new PageFile("static/js/removal.js"),
          new PageFile("static/js/status.js"),
          new PageFile("static/js/tabs.js"));

  private static final String FOLDER = "/META-INF/resources/";

  /**
   * Nothing but what comes from this gateway: no script or style within the page, no other host, no
   * frame around it; and no text that a script could take for markup.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'self'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  public String contentType() {
    String extension = path.substring(path.lastIndexOf('.') + 1);
    return switch (extension) {
      case "css" -> "text/css; charset=utf-8";
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalStateException("no content type for " + path);
    };
  }

  /** Tells a browser what it is to know about the page and all of its files. */
  void setHeaders(HttpServletResponse response) {
    response.setContentType(contentType());
    response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    // Asked for again each time, so that an update of the gateway is seen at once; mostly a 304.
    response.setHeader("Cache-Control", "no-cache");
  }

  /**
   * Reads the file, which is in the same jar as this class.
   *
   * @throws IllegalStateException if it is not, so that the packaging is broken
   */
  byte[] read() throws IOException {
    try (InputStream file = PageFile.class.getResourceAsStream(FOLDER + path)) {
      if (file == null) {
        throw new IllegalStateException(
            "the file " + path + " of the page is missing in this build");
      }
      return file.readAllBytes();
    }
  }
}
