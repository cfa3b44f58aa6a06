package dev.pushgateway.request;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes short responses, and parts that all responses share. */
public final class Responses {
  private Responses() {}

  /** Responds with a status and no body. */
  public static void empty(HttpServletResponse response, int status) {
    response.setStatus(status);
    response.setContentLength(0);
  }

  /** Responds with plain text. */
  public static void text(HttpServletResponse response, int status, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("text/plain; charset=utf-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  /** Writes the body of a response. */
  public interface Body {
    void write(OutputStream out) throws IOException;
  }

  /** Sends a body, unless the request's method is HEAD. */
  public static void body(HttpServletRequest request, HttpServletResponse response, Body body)
      throws IOException {
    if (request.getMethod().equals("HEAD")) {
      response.flushBuffer(); // Else the container would send Content-Length: 0.
    } else {
      body.write(response.getOutputStream());
    }
  }

  /** Sets the headers that every response has. */
  public static void setGeneralHeaders(HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
  }
}
