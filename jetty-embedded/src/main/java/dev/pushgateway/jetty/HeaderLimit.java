package dev.pushgateway.jetty;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses too large headers of HTTP/2 with the status that they have with HTTP/1.1. Jetty, which
 * sees to those, ends an HTTP/2 connection without any, and with it all else that is on it; so it
 * is told to take more, {@link #readBytes}, and does so beyond that.
 */
final class HeaderLimit extends Handler.Wrapper {
  /** What a field counts beside its name and its value, as HTTP/2 has it. */
  private static final int FIELD_BYTES = 32;

  /** The largest path and headers together. */
  private final int maxBytes;

  HeaderLimit(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** How large headers must be read, so that they can be refused here. */
  static int readBytes(int maxBytes) {
    return 2 * maxBytes;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
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

  private static long fieldBytes(Request request) {
    long bytes = 0;
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      bytes += FIELD_BYTES + field.getName().length() + (value == null ? 0 : value.length());
    }
    return bytes;
  }
}
