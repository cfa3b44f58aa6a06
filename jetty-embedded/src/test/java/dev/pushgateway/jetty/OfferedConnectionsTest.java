package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.pushgateway.request.ClientConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OfferedConnectionsTest {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final CompletableFuture<ClientConnection> offered = new CompletableFuture<>();
  private final CompletableFuture<IOException> ended = new CompletableFuture<>();

  /** Writes until the client is gone. */
  private final class Endless extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      offered.complete((ClientConnection) request.getAttribute(ClientConnection.ATTRIBUTE));
      try (OutputStream out = Content.Sink.asOutputStream(response)) {
        while (true) {
          out.write(new byte[64 << 10]);
        }
      } catch (IOException e) {
        ended.complete(e);
      }
      callback.succeeded();
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    OfferedConnections connections = new OfferedConnections();
    connections.setHandler(new Endless());
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(connections);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void closedConnectionEndsAResponseThatNobodyReads() throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      client
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      offered.get(120, TimeUnit.SECONDS).close();
      assertInstanceOf(IOException.class, ended.get(120, TimeUnit.SECONDS));
    }
  }
}
