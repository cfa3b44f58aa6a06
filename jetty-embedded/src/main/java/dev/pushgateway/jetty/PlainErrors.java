package dev.pushgateway.jetty;

import static java.util.Map.entry;
import static org.eclipse.jetty.server.handler.ErrorHandler.ERROR_EXCEPTION;

import java.util.List;
import java.util.Map;
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
 * Writes Jetty's own refusals as one plain sentence. They contain no page, stack, version or part
 * of the request.
 */
final class PlainErrors extends ErrorHandler {
  private static final String BROKEN_ESCAPE =
      "The path has a broken escape: expected '%' and two hexadecimal digits.";
  private static final String MALFORMED_HOST =
      "The header Host is malformed: expected a host, or a host, ':' and a port.";
  private static final String MALFORMED_LENGTH =
      "The header Content-Length is malformed: expected one whole number.";

  private static final String ILLEGAL_CHARACTER =
      "The request line or a header has a character that is not allowed there.";

  /** Sentences by words in the messages of Jetty's exceptions; the first match counts. */
  private static final List<Map.Entry<String, String>> SENTENCES =
      List.of(
          entry(
              "Illegal character in path", "The path has the escape %00, which no path can have."),
          entry("!hex", BROKEN_ESCAPE),
          entry("Bad URI % encoding", BROKEN_ESCAPE),
          entry("No Host", "The header Host is missing."),
          entry("Duplicate Host Header", "There is more than one header Host."),
          entry("Bad HostPort", MALFORMED_HOST),
          entry("Invalid Authority", MALFORMED_HOST),
          entry("Multiple Content-Lengths", "There is more than one header Content-Length."),
          entry("Invalid Content-Length Value", MALFORMED_LENGTH),
          entry("long overflow", MALFORMED_LENGTH),
          entry(
              "Transfer-Encoding and Content-Length",
              "There are both headers Content-Length and Transfer-Encoding; only one is allowed."),
          entry(
              "Line Folding not supported",
              "A header line begins with a blank or ':'; expected a name, since no header may be folded."),
          entry("Illegal character", ILLEGAL_CHARACTER));

  private final String headerLimit;

  /** Creates a handler that names this limit on request line and headers together. */
  PlainErrors(long maxHeaderBytes) {
    headerLimit = "the limit is " + maxHeaderBytes + " bytes (--web.max-header-bytes).";
  }

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
      // The next request should go to another gateway, and not onto a closing connection.
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
    }
    Content.Sink.write(response, true, sentence(status, failure) + "\n", callback);
    return true;
  }

  /** Returns whether the transfer encoding is unknown. Jetty answers 400 then. */
  private static boolean isTransferEncoding(Throwable failure) {
    return failure instanceof HttpException exception
        && String.valueOf(exception.getReason()).startsWith("Bad Transfer-Encoding");
  }

  private String sentence(int status, Throwable failure) {
    return switch (status) {
      case HttpStatus.URI_TOO_LONG_414 -> "The path is too long; " + headerLimit;
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
          "The headers are too large; " + headerLimit;
      case HttpStatus.BAD_REQUEST_400 -> invalid(failure);
      case HttpStatus.NOT_IMPLEMENTED_501 -> "The transfer encoding must be chunked, or none.";
      case HttpStatus.SERVICE_UNAVAILABLE_503 -> "The gateway is about to stop.";
      default -> HttpStatus.getMessage(status) + ".";
    };
  }

  /** Returns a sentence for a malformed request, by the words of Jetty's exceptions. */
  private static String invalid(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String reason = String.valueOf(cause.getMessage());
      for (Map.Entry<String, String> sentence : SENTENCES) {
        if (reason.contains(sentence.getKey())) {
          return sentence.getValue();
        }
      }
    }
    return "This is not a valid HTTP request.";
  }
}
