package dev.pushgateway.page;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A file of the web page. No other files are served.
 *
 * @param path below the folder of the page
 */
public record PageFile(String path) {
  /** The page itself, a template: see {@link StatusPageHandler}. */
  public static final PageFile INDEX = new PageFile("static/index.html");

  /** The files that the page loads. */
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
   * Allows only content of this gateway: no inline script or style, no other host, no frame around
   * the page, no text as markup from a script.
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

  /** Sets the headers of the page and its files. */
  void setHeaders(HttpServletResponse response) {
    response.setContentType(contentType());
    response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    response.setHeader("Referrer-Policy", "no-referrer");
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    // The browser asks each time, so that it sees an update of the gateway at once; mostly a 304.
    response.setHeader("Cache-Control", "no-cache");
  }

  /**
   * Reads the file, which is in the same jar as this class.
   *
   * @throws IllegalStateException if the build does not contain the file
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
