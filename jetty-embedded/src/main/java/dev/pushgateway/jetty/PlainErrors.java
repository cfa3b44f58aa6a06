package dev.pushgateway.jetty;

import org.eclipse.jetty.ee10.servlet.ErrorHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty refuses before the gateway sees it: one plain sentence, without pages, stacks,
 * versions and whatever else of the request or of Jetty might be in them.
 */
final class PlainErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
      // So that the next request goes where it is answered, and not into the end of this one.
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
    }
    Content.Sink.write(response, true, sentence(status) + "\n", callback);
    return true;
  }

  private static String sentence(int status) {
    return switch (status) {
      case HttpStatus.URI_TOO_LONG_414 -> "The path is too long.";
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "The headers are too large.";
      case HttpStatus.BAD_REQUEST_400 -> "This is not a valid HTTP request.";
      case HttpStatus.SERVICE_UNAVAILABLE_503 -> "The gateway is about to stop.";
      default -> HttpStatus.getMessage(status) + ".";
    };
  }
}
