package dev.pushgateway.jetty;

import dev.pushgateway.tls.ServerTls;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Gives Jetty an engine for each connection, with the certificates of that moment. Nothing of what
 * Jetty itself can configure is used: it would reload all connections at once, or none.
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
