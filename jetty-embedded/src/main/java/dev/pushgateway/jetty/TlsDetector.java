package dev.pushgateway.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;

/**
 * Looks whether a connection begins with TLS. If it begins with HTTP instead, the client is told
 * so, in the words of Go; anything else is just closed.
 */
final class TlsDetector extends DetectorConnectionFactory {
  /** Without a head but for its first line, as Go has it: whoever spoke HTTP may be of any age. */
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
    if (!new String(start, StandardCharsets.US_ASCII).matches("[A-Z]{3}")) { // As a method does.
      endPoint.close();
      return;
    }
    received.position(received.limit()); // What is not read when it closes would cost the answer.
    endPoint.write(Callback.from(endPoint::close), ByteBuffer.wrap(ANSWER));
  }
}
