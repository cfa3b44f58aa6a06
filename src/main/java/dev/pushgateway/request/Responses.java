package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Short answers. */
public final class Responses {
  static final String PLAIN_TEXT = "text/plain; charset=utf-8";

  private Responses() {}

  /** Answers with a status and nothing else. */
  public static void empty(HttpServletResponse response, int status) {
    response.setStatus(status);
    response.setContentLength(0);
  }

  /** Answers with plain text. */
  public static void text(HttpServletResponse response, int status, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType(PLAIN_TEXT);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /**
   * Sends the headers of an answer whose body, which the client does not want, has a length that is
   * not known. Left to itself, the container would say that it is 0.
   */
  public static void withoutBody(HttpServletResponse response) throws IOException {
    response.flushBuffer();
  }

  /** Headers that every response has. */
  public static void setGeneralHeaders(HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
  }
}
