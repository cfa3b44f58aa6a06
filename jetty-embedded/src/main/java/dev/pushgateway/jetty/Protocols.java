package dev.pushgateway.jetty;

import dev.pushgateway.tls.ServerTls;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;

/**
 * Creates the protocols of a socket, the outermost first:
 *
 * <pre>
 *   without TLS   HTTP/1.1, HTTP/2 by upgrade or prior knowledge (h2c)
 *   with TLS      TLS, then HTTP/2 (h2) or HTTP/1.1, as the client prefers;
 *                  HTTP without TLS gets an error in plain text
 * </pre>
 */
final class Protocols {
  /** Maximum bytes of unread bodies on a connection; Jetty's default is 1 MB. */
  private static final int SESSION_WINDOW_BYTES = 256 << 10;

  private static final int STREAM_WINDOW_BYTES = 128 << 10;

  private Protocols() {}

  static List<ConnectionFactory> of(ServerConfig config, HttpConfiguration http) {
    return config.tls().isPresent()
        ? encrypted(config.tls().get(), config.http2(), http)
        : plain(config.http2(), http);
  }

  private static List<ConnectionFactory> plain(boolean http2, HttpConfiguration http) {
    HttpConnectionFactory http1 = new Http1(http);
    return http2 ? List.of(http1, bounded(new UpgradeToHttp2(forHttp2(http)))) : List.of(http1);
  }

  private static List<ConnectionFactory> encrypted(
      ServerTls tls, boolean http2, HttpConfiguration plain) {
    HttpConfiguration http = new HttpConfiguration(plain);
    // false: the gateway has one certificate and accepts every host name.
    http.addCustomizer(new SecureRequestCustomizer(false));
    List<ConnectionFactory> factories = new ArrayList<>();
    ALPNServerConnectionFactory negotiation = new ALPNServerConnectionFactory();
    negotiation.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
    SslConnectionFactory encryption =
        new SslConnectionFactory(new ReloadingSsl(tls), negotiation.getProtocol());
    factories.add(new TlsDetector(encryption));
    factories.add(encryption);
    factories.add(negotiation);
    if (http2) {
      factories.add(bounded(new HTTP2ServerConnectionFactory(forHttp2(http))));
    }
    factories.add(new Http1(http));
    return factories;
  }

  private static HttpConfiguration forHttp2(HttpConfiguration http) {
    HttpConfiguration configuration = new HttpConfiguration(http);
    configuration.setRequestHeaderSize(Http2Headers.readBytes(http.getRequestHeaderSize()));
    return configuration;
  }

  private static ConnectionFactory bounded(AbstractHTTP2ServerConnectionFactory http2) {
    http2.setInitialSessionRecvWindow(SESSION_WINDOW_BYTES);
    http2.setInitialStreamRecvWindow(STREAM_WINDOW_BYTES);
    return http2;
  }
}
