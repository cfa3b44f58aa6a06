package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.handoff.SelectorHandoff;
import dev.pushgateway.request.ClientConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether a client has gone is known while its request is served. */
@Timeout(60)
class GoneClientTest {
  private final Server server = new Server();
  private final HttpConfiguration http = new HttpConfiguration();
  private final GatewayConnector connector;
  private final BlockingQueue<ClientConnection> serving = new LinkedBlockingQueue<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();

  GoneClientTest() {
    SelectorHandoff handoff =
        new SelectorHandoff((TryExecutor) server.getThreadPool(), SelectorHandoff.PATIENCE);
    server.addBean(handoff, false);
    connector =
        new GatewayConnector(
            server,
            1,
            List.of(new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http)));
  }

  /** Serves {@code /wait} until its client has gone or may go on; answers with the path. */
  private final class Waiting extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      String path = Request.getPathInContext(request);
      ClientConnection client = (ClientConnection) request.getAttribute(ClientConnection.ATTRIBUTE);
      if (path.startsWith("/wait")) {
        serving.add(client);
        gone.add(path + ' ' + isGoneSoon(client));
      }
      Content.Sink.write(response, true, path + '.' + Content.Source.asString(request), callback);
      return true;
    }

    private boolean isGoneSoon(ClientConnection client) throws InterruptedException {
      while (!client.isGone()) {
        if (asked.await(1, TimeUnit.MILLISECONDS)) {
          return client.isGone();
        }
      }
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    OfferedConnections connections = new OfferedConnections();
    connections.setHandler(new Waiting());
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(connections);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    asked.countDown();
    server.stop();
  }

  private Socket send(byte[] bytes) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    client.getOutputStream().write(bytes);
    return client;
  }

  private Socket send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String get(String path, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
  }

  private void awaitServing() throws InterruptedException {
    assertTrue(serving.poll(20, TimeUnit.SECONDS) != null, "not served");
  }

  @Test
  void closedConnection() throws Exception {
    Socket client = send(get("/wait"));
    awaitServing();
    client.close();
    assertEquals("/wait true", gone.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void connectionThatIsReset() throws Exception {
    try (Socket client = send(get("/wait"))) {
      awaitServing();
      client.setSoLinger(true, 0);
    }
    assertEquals("/wait true", gone.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void connectionThatIsClosedAfterTheNextRequestWasSent() throws Exception {
    Socket client = send(get("/wait") + get("/next"));
    awaitServing();
    client.close();
    assertEquals("/wait true", gone.poll(20, TimeUnit.SECONDS));
  }

  /** Requests that come while one is served are read ahead, and served afterwards. */
  @Test
  void requestsThatAreThereAlreadyAreServed() throws Exception {
    String next = get("/a", "X: " + "x".repeat(3_000)) + get("/b") + get("/c", "Connection: close");
    try (Socket client = send(get("/wait"))) {
      awaitServing();
      client.getOutputStream().write(next.getBytes(StandardCharsets.US_ASCII));
      assertFalse(asked.await(200, TimeUnit.MILLISECONDS));
      asked.countDown();
      String responses =
          new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals("/wait false", gone.poll(20, TimeUnit.SECONDS));
      assertEquals(4, responses.split("HTTP/1.1 200 OK", -1).length - 1, responses);
      assertTrue(responses.endsWith("/c."), responses);
    }
  }

  @Test
  void shortRequestThatIsThereAlreadyIsServed() throws Exception {
    try (Socket client = send(get("/wait"))) {
      awaitServing();
      client
          .getOutputStream()
          .write(get("/b", "Connection: close").getBytes(StandardCharsets.US_ASCII));
      assertFalse(asked.await(200, TimeUnit.MILLISECONDS));
      asked.countDown();
      String responses =
          new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(responses.endsWith("/b."), responses);
    }
  }

  @Test
  void bodyThatIsThereAlreadyIsRead() throws Exception {
    try (Socket client = send(get("/wait", "Content-Length: 5", "Connection: close") + "ab")) {
      awaitServing();
      client.getOutputStream().write("cde".getBytes(StandardCharsets.US_ASCII));
      assertFalse(asked.await(200, TimeUnit.MILLISECONDS));
      asked.countDown();
      String response =
          new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(response.endsWith("/wait.abcde"), response);
    }
  }

  @Test
  void clientThatWaitsIsThere() throws Exception {
    try (Socket client = send(get("/wait", "Connection: close"))) {
      awaitServing();
      assertFalse(asked.await(200, TimeUnit.MILLISECONDS));
      asked.countDown();
      String response =
          new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(response.endsWith("/wait."), response);
    }
    assertEquals("/wait false", gone.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void streamThatIsReset() throws Exception {
    try (Socket client = send(http2Request())) {
      awaitServing();
      client.getOutputStream().write(frame(3, 0, 1, new byte[] {0, 0, 0, 8})); // Cancelled.
      assertEquals("/wait true", gone.poll(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void http2ConnectionThatIsClosed() throws Exception {
    Socket client = send(http2Request());
    awaitServing();
    client.close();
    assertEquals("/wait true", gone.poll(20, TimeUnit.SECONDS));
  }

  private static byte[] http2Request() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(frame(4, 0, 0, new byte[0]));
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    headers.write(0x82); // GET
    headers.write(0x86); // http
    headers.writeBytes(new byte[] {4, 5, '/', 'w', 'a', 'i', 't', 1, 1, 'h'});
    out.writeBytes(frame(1, 5, 1, headers.toByteArray()));
    return out.toByteArray();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, (byte) payload.length, (byte) type, (byte) flags});
    out.writeBytes(new byte[] {0, 0, 0, (byte) stream});
    out.writeBytes(payload);
    return out.toByteArray();
  }
}
