package dev.pushgateway.jetty;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;

/**
 * HTTP/2 without TLS. A request to quit that asks for an upgrade is the exception: its response is
 * HTTP/1.1.
 *
 * <p>At a GOAWAY, the JDK's HTTP client fails all requests of the connection, even if it has
 * received the response but not yet read it. A GOAWAY directly follows the response to a request to
 * quit: one of 75 such requests failed on a busy machine (2026-12-01, JDK 17).
 */
final class UpgradeToHttp2 extends HTTP2CServerConnectionFactory {
  private static final String QUIT = "/-/quit";

  UpgradeToHttp2(HttpConfiguration http) {
    super(http);
  }

  @Override
  public Connection upgradeConnection(
      Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable fields) {
    String path = request.getHttpURI().getPath();
    if (path != null && path.endsWith(QUIT)) {
      return null; // Jetty then serves the request without an upgrade.
    }
    return super.upgradeConnection(connector, endPoint, request, fields);
  }
}
