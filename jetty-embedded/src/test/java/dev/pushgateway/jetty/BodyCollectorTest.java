package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.handoff.HandoffConnector;
import dev.pushgateway.handoff.SelectorHandoff;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.TryExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A body that comes in pieces reaches the servlet whole, whatever comes when; and what takes long
 * keeps nobody else waiting.
 */
class BodyCollectorTest {
  private static final int TIMEOUT_MILLIS = 120_000;
  private static final int MAX_BODY_BYTES = 10_000_000;

  private static final Duration NEVER = Duration.ofDays(1);

  private final Server server = new Server();
  private final CountDownLatch end = new CountDownLatch(1);
  private ServerConnector connector;

  /**
   * Answers with the length of the body and the thread: at /hang not before the end of the test.
   */
  private final class Counting extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      int length = request.getInputStream().readAllBytes().length;
      if (request.getRequestURI().startsWith("/hang")) {
        if (!awaitEnd(Duration.ofMillis(2L * TIMEOUT_MILLIS))) {
          throw new IOException("not ended");
        }
      }
      response.getOutputStream().print("[" + length + "]" + Thread.currentThread().getName());
    }

    private boolean awaitEnd(Duration most) {
      try {
        return end.await(most.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /** One selector, so that whoever holds it would keep all others waiting. */
  private void start(Duration patience) throws Exception {
    SelectorHandoff handoff = new SelectorHandoff((TryExecutor) server.getThreadPool(), patience);
    server.addBean(handoff);
    connector = new HandoffConnector(server, 1, List.of(new HttpConnectionFactory()));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Counting()), "/*");
    BodyCollector collector = new BodyCollector(MAX_BODY_BYTES, handoff);
    collector.setHandler(context);
    server.setHandler(collector);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    end.countDown();
    server.stop();
  }

  /** More than is collected, too, so that the servlet has to wait for what is left. */
  @ParameterizedTest(name = "{0} pieces of {1} bytes")
  @CsvSource({
    "1, 0",
    "1, 10",
    "2, 10",
    "3, 30000",
    "2, 65536",
    "4, 65536",
    "8, 40000",
    "3, 400000"
  })
  void bodyInPiecesArrivesWhole(int pieces, int length) throws Exception {
    start(SelectorHandoff.PATIENCE);
    byte[] piece = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      String head =
          "PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
              + pieces * length
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < pieces; i++) {
        out.flush();
        Thread.sleep(30); // So that the server has read what there is, and waits.
        out.write(piece);
      }
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals("HTTP/1.1 200 OK", answer.lines().findFirst().orElse(""));
      assertTrue(answer.contains("[" + pieces * length + "]"), answer);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private Socket send(String request) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String ask(String request) throws IOException {
    try (Socket socket = send(request)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static String put(String path, String headers, int length) {
    return "PUT %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(path, headers, length, "x".repeat(length));
  }

  @Test
  void smallPushesAreServedByTheThreadThatReads() throws Exception {
    start(NEVER);
    Set<String> threads = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      String answer = ask(put("/", "", 100));
      threads.add(answer.substring(answer.indexOf(']')));
    }
    assertEquals(1, threads.size(), threads.toString());
  }

  static List<String> longWork() {
    return List.of(
        "GET /hang HTTP/1.1\r\nHost: x\r\n\r\n",
        "DELETE /hang HTTP/1.1\r\nHost: x\r\n\r\n",
        put("/hang", "Content-Encoding: gzip\r\n", 10),
        put("/hang", "Authorization: Basic eDp5\r\n", 10),
        put("/hang", "", 20_000),
        put("/hang", "", 100_000),
        put("/hang", "", MAX_BODY_BYTES + 1));
  }

  /** The watcher checks never: the thread releases the reader before. */
  @ParameterizedTest(name = "{index}")
  @MethodSource("longWork")
  void longWorkKeepsNobodyWaiting(String request) throws Exception {
    start(NEVER);
    ask(put("/", "", 100));
    try (Socket hanging = send(request)) {
      for (int i = 0; i < 3; i++) {
        assertTrue(ask(put("/", "", 100)).contains("[100]"));
      }
      end.countDown();
      assertTrue(hanging.getInputStream().read() > 0);
    }
  }

  @ParameterizedTest(name = "{0} pushes")
  @ValueSource(ints = {1, 20})
  void smallPushesThatAreHeldUpKeepNobodyWaiting(int pushes) throws Exception {
    start(Duration.ofMillis(20));
    List<Socket> hanging = new ArrayList<>();
    for (int i = 0; i < pushes; i++) {
      hanging.add(send(put("/hang", "", 100)));
    }
    assertTrue(ask(put("/", "", 100)).contains("[100]"));
    end.countDown();
    for (Socket socket : hanging) {
      assertTrue(socket.getInputStream().read() > 0);
      socket.close();
    }
  }

  /** No push takes long, but the client never stops. The watcher checks never. */
  @Test
  void clientThatSendsWithoutWaitingKeepsNobodyWaiting() throws Exception {
    start(NEVER);
    String small = put("/", "", 10).replace("Connection: close\r\n", "");
    try (Socket socket = send(small.repeat(1_000) + put("/hang", "", 10))) {
      assertTrue(socket.getInputStream().read() > 0);
      assertTrue(ask(put("/", "", 100)).contains("[100]"));
      end.countDown();
    }
  }
}
