package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The shipped jar with a log that nobody reads: its pipe is full after 64 KiB. */
class UnreadLogIT {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final int TIMEOUT_MILLIS = 120_000;

  /** More than there are threads. */
  private static final int REFUSED = 600;

  private final int port = freePort();

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Each from another address, as what one client may have logged is limited. */
  private Socket send(int client, String request) throws IOException {
    byte[] address = {127, 0, (byte) (1 + client / 200), (byte) (1 + client % 200)};
    Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByAddress(address), 0);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String ask(String head) throws IOException {
    try (Socket socket = send(0, head + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
    }
  }

  private void awaitReady() throws InterruptedException {
    for (int i = 0; i < 600; i++) {
      try {
        if (ask("GET /-/ready").contains("200")) {
          return;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      Thread.sleep(50);
    }
    throw new AssertionError("not ready");
  }

  @Test
  void refusedPushesKeepNobodyElseWaitingNorTheEnd() throws Exception {
    Process process =
        new ProcessBuilder(
                JAVA,
                "-Xmx256m",
                "-jar",
                System.getProperty("pushgateway.jar"),
                "--web.listen-address=127.0.0.1:" + port)
            .start();
    List<Socket> sockets = new ArrayList<>();
    try {
      awaitReady();
      String refused =
          "PUT /metrics/job/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nbad %%%%\n"
              .formatted("j".repeat(2_000));
      for (int i = 0; i < REFUSED; i++) {
        sockets.add(send(i, refused));
      }
      for (int i = 0; i < 3; i++) {
        assertEquals("HTTP/1.1 200 OK", ask("GET /-/healthy"));
        assertEquals("HTTP/1.1 200 OK", ask("GET /metrics"));
      }
      process.toHandle().destroy(); // That of the process would close the pipe.
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still runs");
      assertEquals(0, process.exitValue());
    } finally {
      process.destroyForcibly();
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
