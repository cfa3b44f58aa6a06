package dev.pushgateway.jetty;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCompliance.Violation;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP/1.1 that also serves two kinds of requests which RFC 9112, section 3.2, allows and Jetty
 * refuses: those with an empty {@code Host}, and those with an absolute URI and another {@code
 * Host}.
 */
final class Http1 extends HttpConnectionFactory {
  private static final HttpCompliance COMPLIANCE =
      HttpCompliance.RFC9110.with("pushgateway", Violation.MISMATCHED_AUTHORITY);

  Http1(HttpConfiguration configuration) {
    super(withCompliance(configuration));
  }

  private static HttpConfiguration withCompliance(HttpConfiguration configuration) {
    configuration.setHttpCompliance(COMPLIANCE);
    return configuration;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection = new LenientConnection(getHttpConfiguration(), connector, endPoint);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  private static final class LenientConnection extends HttpConnection {
    LenientConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
      super(configuration, connector, endPoint);
    }

    @Override
    protected RequestHandler newRequestHandler() {
      return new LenientHandler();
    }

    private final class LenientHandler extends RequestHandler {
      /** Drops an empty {@code Host}, after the parser has seen that there is one. */
      @Override
      public void parsedHeader(HttpField field) {
        String value = field.getValue();
        if (field.getHeader() != HttpHeader.HOST || value != null && !value.isBlank()) {
          super.parsedHeader(field);
        }
      }
    }
  }
}
