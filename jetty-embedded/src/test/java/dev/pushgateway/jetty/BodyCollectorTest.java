package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A body that comes in pieces reaches the servlet whole, whatever comes when. */
class BodyCollectorTest {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  /** Answers with the length of the body. */
  private static final class Counting extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      int length = request.getInputStream().readAllBytes().length;
      response.getOutputStream().print("[" + length + "]");
    }
  }

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new Counting()), "/*");
    BodyCollector collector = new BodyCollector(Long.MAX_VALUE);
    collector.setHandler(context);
    server.setHandler(collector);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
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
    byte[] piece = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (Socket socket = new Socket(loopback, connector.getLocalPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
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
}
