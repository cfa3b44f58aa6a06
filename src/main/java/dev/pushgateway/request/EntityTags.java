package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;

/** Answers 304 to a client that already has the current version. */
public final class EntityTags {
  private static final String WEAK = "W/";

  private EntityTags() {}

  /** Returns a weak tag, which holds for the compressed and for the plain response. */
  public static String weak(String content) {
    return WEAK + '"' + content + '"';
  }

  /**
   * Sets the tag, and status 304 if the client has the same tag.
   *
   * @return whether the response is complete
   */
  public static boolean isAnswered(
      HttpServletRequest request, HttpServletResponse response, String tag) throws IOException {
    response.setHeader("ETag", tag);
    for (String header : Collections.list(request.getHeaders("If-None-Match"))) {
      for (String known : header.split(",", -1)) {
        if (known.trim().equals("*") || opaque(known.trim()).equals(opaque(tag))) {
          response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
          response.flushBuffer(); // Else the container would send Content-Length: 0.
          return true;
        }
      }
    }
    return false;
  }

  /** RFC 9110, section 8.8.3.2: for If-None-Match weak and strong tags are the same. */
  private static String opaque(String tag) {
    return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
  }
}
