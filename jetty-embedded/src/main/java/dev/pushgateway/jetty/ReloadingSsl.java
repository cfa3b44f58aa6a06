package dev.pushgateway.jetty;

import dev.pushgateway.tls.ServerTls;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Gives Jetty a TLS engine for each connection, with the current certificates. Jetty's own
 * configuration is not used: it could only reload all connections at once, or none.
 */
final class ReloadingSsl extends SslContextFactory.Server {
  private final ServerTls tls;

  ReloadingSsl(ServerTls tls) {
    this.tls = tls;
  }

  @Override
  public SSLEngine newSSLEngine() {
    return tls.newEngine();
  }

  @Override
  public SSLEngine newSSLEngine(String host, int port) {
    return tls.newEngine();
  }
}
