package dev.pushgateway.jetty;

import static org.eclipse.jetty.server.handler.ErrorHandler.ERROR_EXCEPTION;

import org.eclipse.jetty.ee10.servlet.ErrorHandler;
import org.eclipse.jetty.http.HttpException;
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
    Throwable failure = (Throwable) request.getAttribute(ERROR_EXCEPTION);
    if (isTransferEncoding(failure)) {
      response.setStatus(HttpStatus.NOT_IMPLEMENTED_501);
    }
    int status = response.getStatus();
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
      // So that the next request goes where it is answered, and not into the end of this one.
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
    }
    Content.Sink.write(response, true, sentence(status, failure) + "\n", callback);
    return true;
  }

  /** Jetty knows no status of its own for an encoding that is not chunked. */
  private static boolean isTransferEncoding(Throwable failure) {
    return failure instanceof HttpException exception
        && String.valueOf(exception.getReason()).startsWith("Bad Transfer-Encoding");
  }

  private static String sentence(int status, Throwable failure) {
    return switch (status) {
      case HttpStatus.URI_TOO_LONG_414 -> "The path is too long.";
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "The headers are too large.";
      case HttpStatus.BAD_REQUEST_400 -> invalid(failure);
      case HttpStatus.NOT_IMPLEMENTED_501 -> "The transfer encoding must be chunked, or none.";
      case HttpStatus.SERVICE_UNAVAILABLE_503 -> "The gateway is about to stop.";
      default -> HttpStatus.getMessage(status) + ".";
    };
  }

  /** Tells what Jetty cannot read in a path, from the words of its exceptions. */
  private static String invalid(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String reason = String.valueOf(cause.getMessage());
      if (reason.contains("Illegal character in path")) {
        return "The path has the escape %00, which no path can have.";
      }
      if (reason.contains("!hex") || reason.contains("Bad URI % encoding")) {
        return "The path has a broken escape: expected '%' and two hexadecimal digits.";
      }
    }
    return "This is not a valid HTTP request.";
  }
}
