package dev.pushgateway.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;

/**
 * Detects whether a connection begins with TLS. A connection that begins with HTTP gets Go's error
 * message. Any other connection is closed.
 */
final class TlsDetector extends DetectorConnectionFactory {
  /** A status line without headers, as in Go: the client may speak any version of HTTP. */
  private static final byte[] ANSWER =
      "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
          .getBytes(StandardCharsets.US_ASCII);

  TlsDetector(SslConnectionFactory tls) {
    super(tls);
  }

  @Override
  protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer received) {
    byte[] start = new byte[Math.min(3, received.remaining())];
    received.get(received.position(), start);
    if (!new String(start, StandardCharsets.US_ASCII).matches("[A-Z]{3}")) { // Like a method.
      endPoint.close();
      return;
    }
    received.position(received.limit()); // Closing with unread bytes would lose the response.
    endPoint.write(Callback.from(endPoint::close), ByteBuffer.wrap(ANSWER));
  }
}
