package dev.pushgateway.jetty;

import dev.pushgateway.request.ClientConnection;
import java.io.IOException;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Offers the gateway the connection of each GET request, whose response may be long. Closing it
 * ends all requests on the connection; over HTTP/2 there may be several.
 */
final class OfferedConnections extends Handler.Wrapper {
  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (HttpMethod.GET.is(request.getMethod())) {
      request.setAttribute(ClientConnection.ATTRIBUTE, offer(request));
    }
    return super.handle(request, response, callback);
  }

  private static ClientConnection offer(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    EndPoint socket = socket(connection.getEndPoint());
    if (connection instanceof HTTP2Connection) {
      Http2Client client = new Http2Client(socket);
      request.addFailureListener(client::fail);
      return client;
    }
    return new Http1Client(socket);
  }

  /**
   * Returns the socket, which closes at once. A TLS end point would first send its own closing
   * message.
   */
  private static EndPoint socket(EndPoint endPoint) {
    return endPoint instanceof SslConnection.SslEndPoint ssl
        ? ssl.getSslConnection().getEndPoint()
        : endPoint;
  }

  /** No other code reads from the socket while the request is served. */
  private record Http1Client(EndPoint socket) implements ClientConnection {
    @Override
    public void close() {
      socket.close();
    }

    @Override
    public boolean isGone() {
      try {
        return socket instanceof ClientSocket client ? client.isGone() : !socket.isOpen();
      } catch (IOException e) {
        return true; // The socket cannot be read.
      }
    }
  }

  /** Another thread reads from the socket all the time, and reports if the stream is reset. */
  private static final class Http2Client implements ClientConnection {
    private final EndPoint socket;
    private volatile boolean failed;

    Http2Client(EndPoint socket) {
      this.socket = socket;
    }

    void fail(Throwable failure) {
      failed = true;
    }

    @Override
    public void close() {
      socket.close();
    }

    @Override
    public boolean isGone() {
      return failed || !socket.isOpen();
    }
  }
}
