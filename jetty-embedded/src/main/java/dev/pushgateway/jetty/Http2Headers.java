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
 * Refuses HTTP/2 requests with malformed or too large headers.
 *
 * <p>Jetty passes some malformed headers on: connection headers of HTTP/1.1 (RFC 9113, section
 * 8.2.2), and malformed lengths.
 *
 * <p>Too large headers get the same status as with HTTP/1.1. Jetty itself would close the HTTP/2
 * connection without a response, together with all its other requests. Jetty's limit is therefore
 * set higher, to {@link #readBytes}; above that, Jetty closes the connection.
 */
final class Http2Headers extends Handler.Wrapper {
  private static final Set<String> OF_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

  /** Bytes that HTTP/2 counts for each field in addition to its name and value. */
  private static final int FIELD_BYTES = 32;

  /** Maximum bytes of path and headers together. */
  private final int maxBytes;

  Http2Headers(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Returns Jetty's limit of header bytes, so that larger headers than allowed are refused here.
   */
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
      String path = request.getHttpURI().getPathQuery(); // CONNECT has none.
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
   * Returns whether a header must not be in an HTTP/2 request. Names are compared as they are:
   * names from HTTP/2 are in lower case. Other names come from the HTTP/1.1 request that upgraded
   * to HTTP/2.
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
