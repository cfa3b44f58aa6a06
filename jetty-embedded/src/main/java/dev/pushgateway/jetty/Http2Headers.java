package dev.pushgateway.jetty;

import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses HTTP/2 requests whose headers are malformed, or too large.
 *
 * <p>Jetty passes malformed ones on: headers that belong to a connection of HTTP/1.1 (RFC 9113,
 * section 8.2.2), and lengths that are none.
 *
 * <p>Too large ones get the status that they have with HTTP/1.1. Jetty ends an HTTP/2 connection
 * without any, and with it all else that is on it; so it is told to take more, {@link #readBytes},
 * and does so beyond that.
 */
final class Http2Headers extends Handler.Wrapper {
  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  /** What a field counts beside its name and its value, as HTTP/2 has it. */
  private static final int FIELD_BYTES = 32;

  /** The largest path and headers together. */
  private final int maxBytes;

  Http2Headers(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** How large headers must be read, so that they can be refused here. */
  static int readBytes(int maxBytes) {
    return 2 * maxBytes;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
      if (isMalformed(request.getHeaders())) {
        Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
        return true;
      }
      String path = request.getHttpURI().getPathQuery(); // There is none with CONNECT.
      long pathBytes = path == null ? 0 : path.length();
      if (pathBytes + fieldBytes(request) > maxBytes) {
        int status =
            pathBytes > maxBytes
                ? HttpStatus.URI_TOO_LONG_414
                : HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431;
        Response.writeError(request, response, callback, status);
        return true;
      }
    }
    return super.handle(request, response, callback);
  }

  /**
   * Names are compared as they are: in lower case they came with HTTP/2, and otherwise with the
   * request of HTTP/1.1 that asked for HTTP/2.
   */
  private static boolean isMalformed(HttpFields headers) {
    int lengths = 0;
    for (HttpField field : headers) {
      if (OF_CONNECTION.contains(field.getName())) {
        return true;
      }
      if (field.getHeader() == HttpHeader.CONTENT_LENGTH) {
        lengths++;
        if (!isNumber(field.getValue())) {
          return true;
        }
      }
    }
    return lengths > 1;
  }

  private static boolean isNumber(String value) {
    boolean isNumber = value != null && !value.isEmpty();
    for (int i = 0; isNumber && i < value.length(); i++) {
      isNumber = value.charAt(i) >= '0' && value.charAt(i) <= '9';
    }
    return isNumber;
  }

  private static long fieldBytes(Request request) {
    long bytes = 0;
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      bytes += FIELD_BYTES + field.getName().length() + (value == null ? 0 : value.length());
    }
    return bytes;
  }
}
