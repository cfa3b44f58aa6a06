package dev.pushgateway.jetty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client without a login sends, the shipped jar writes few and short log lines. */
final class LogFloodIT {
  private static final int TIMES = 60;
  private static final int MAX_LINE_BYTES = 8 << 10;

  /** Lines at once of libraries and of requests, and those of the start and the end. */
  private static final int LINES_AT_ONCE = 20 + 100 + 10;

  private static final int LINES_PER_SECOND = 1 + 5;

  private static final String LONG = "x".repeat(30_000);

  private static final List<String> HTTP1 =
      List.of(
          "GET / HTTP/1.1\r\nHost: " + LONG + "\r\nHost: " + LONG + "\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a b " + LONG + "\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x:y" + LONG + "\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nExpect: " + LONG + "\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nA: " + LONG.repeat(3) + "\r\n\r\n",
          "GET /" + LONG.repeat(3) + " HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(20_000) + "\r\n",
          "GET http://" + LONG + "@[::/ HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /%" + LONG + " HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /\u00ff" + LONG + " HTTP/1.1\r\nHost: x\r\n\r\n",
          "G\u0001" + LONG + " / HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nCookie: \u0001" + LONG + "\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: " + LONG + "\r\n\r\n",
          "PUT /metrics/job/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + LONG,
          "PUT /metrics/job/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx"
              + LONG,
          "PUT /metrics/job/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + LONG + "\r\n\r\n",
          "PUT /metrics/job/" + LONG + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{",
          "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
              + "HTTP2-Settings: "
              + LONG
              + "\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
              + "HTTP2-Settings: *"
              + LONG
              + "\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
          "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + LONG,
          "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
          "\u0016\u0003\u0001\u0002\u0000\u0001" + LONG);

  private ServerProcess server;

  @ParameterizedTest
  @ValueSource(strings = {"info", "debug"})
  void isBounded(String level) throws Exception {
    long start = System.nanoTime();
    server = ServerProcess.listening("--log.level=" + level, "--web.max-header-bytes=64KiB");
    try (ServerProcess running = server) {
      for (String request : HTTP1) {
        for (int i = 0; i < TIMES; i++) {
          send(request, i);
        }
      }
      for (int i = 0; i < TIMES; i++) {
        sendBadFrames();
      }
      assertEquals(200, running.send("GET", "/-/healthy", "").statusCode());
      running.terminate();
      assertEquals(0, running.awaitExit());
      checkLog(running.log(), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    }
  }

  private static void checkLog(List<String> log, long seconds) {
    for (String line : log) {
      assertTrue(line.getBytes(UTF_8).length < MAX_LINE_BYTES, line);
    }
    long most = LINES_AT_ONCE + LINES_PER_SECOND * (seconds + 1);
    assertTrue(log.size() <= most, log.size() + " lines in " + seconds + " s");
    String all = String.join("\n", log);
    assertTrue(all.contains("msg=\"received a signal to end"), all);
    assertTrue(all.contains("msg=\"HTTP server stopped\""), all);
  }

  /** Some wait for an answer, some go away at once. */
  private void send(String request, int number) throws IOException {
    // Each from one of many addresses, as there is a limit for each client, too.
    InetAddress own = InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (1 + number)});
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(), own, 0)) {
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      if (number % 2 == 0) {
        socket.shutdownOutput();
        socket.getInputStream().read();
      }
    } catch (IOException e) {
      // The server has ended the connection, which is as good.
    }
  }

  private int port() {
    return server.uri("/").getPort();
  }

  private void sendBadFrames() throws IOException {
    int[][] frames = {
      {RawHttp2.DATA, 0, 0}, // of no stream
      {RawHttp2.DATA, 0, 1}, // of one that is not open
      {RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1}, // HPACK that is none
      {RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2}, // a stream of the server's
      {RawHttp2.RST_STREAM, 0, 1},
      {RawHttp2.SETTINGS, 0, 0},
      {RawHttp2.GOAWAY, 0, 0},
      {8, 0, 0}, // a window that is too large
      {9, 0, 1}, // a continuation of nothing
      {0x66, 0xFF, 1}
    };
    for (int[] frame : frames) {
      try (RawHttp2 http2 = new RawHttp2(port())) {
        http2.send(frame[0], frame[1], frame[2], LONG.substring(0, 8_000).getBytes(UTF_8));
        http2.request(RawHttp2.END_STREAM, 3, "GET", "/", "content-length: x", "a: " + LONG);
      } catch (IOException e) {
        // As above.
      }
    }
  }
}
