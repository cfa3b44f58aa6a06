package dev.pushgateway.jetty;

import dev.pushgateway.request.ClientConnection;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Offers the gateway the connection of each request that may have a long response. To close it ends
 * all requests of the client on it: over HTTP/2 these may be several.
 */
final class OfferedConnections extends Handler.Wrapper {
  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (HttpMethod.GET.is(request.getMethod())) {
      EndPoint endPoint = socket(request.getConnectionMetaData().getConnection().getEndPoint());
      ClientConnection connection = endPoint::close;
      request.setAttribute(ClientConnection.ATTRIBUTE, connection);
    }
    return super.handle(request, response, callback);
  }

  /** Returns the socket, which closes at once: TLS would first send its own end. */
  private static EndPoint socket(EndPoint endPoint) {
    return endPoint instanceof SslConnection.SslEndPoint ssl
        ? ssl.getSslConnection().getEndPoint()
        : endPoint;
  }
}
