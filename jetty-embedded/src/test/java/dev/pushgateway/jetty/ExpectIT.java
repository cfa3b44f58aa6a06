package dev.pushgateway.jetty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.access.Hashes;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client with {@code Expect: 100-continue} never sends a body in vain. */
final class ExpectIT {
  private static final String GOOD = login("nightly:secret");

  @TempDir private static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    Path file = folder.resolve("web.yml");
    Files.writeString(
        file,
        """
        basic_auth_users:
          nightly: %s
          reader: %s
        ---
        roles:
          - users: [nightly]
            may: [push]
            groups: ['{job="mine"}']
          - users: [reader]
            may: [scrape]
        """
            .formatted(Hashes.bcrypt("secret"), Hashes.bcrypt("secret")));
    server = ServerProcess.listening("--web.config.file=" + file, "--push.max-body-bytes=1MiB");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String login(String userAndPassword) {
    return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(US_ASCII));
  }

  private static String loginOf(String user) {
    return user.equals("none") ? "" : login(user);
  }

  @ParameterizedTest
  @CsvSource({
    "none,           /metrics/job/mine,   5,       401",
    "nightly:wrong,  /metrics/job/mine,   5,       401",
    "nightly:secret, /metrics/job/others, 5,       403",
    "reader:secret,  /metrics/job/mine,   5,       403",
    "nightly:secret, /metrics/job/mine,   1048577, 413",
    "nightly:secret, /metrics/job/mine/x, 5,       400",
    "nightly:secret, /nowhere,            5,       404",
    "nightly:secret, /metrics,            5,       405",
    "nightly:secret, /metrics/job/mine,   5,       100"
  })
  void isToldToContinueOnlyIfTheHeadIsRight(String user, String path, int length, int status)
      throws Exception {
    String head =
        "PUT %s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nAuthorization: %s\r\n"
            .formatted(path, loginOf(user));
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write((head + "Content-Length: " + length + "\r\n\r\n").getBytes(US_ASCII));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      assertTrue(in.readLine().startsWith("HTTP/1.1 " + status));
      if (status == 100) {
        assertEquals("", in.readLine());
        out.write("a 10\n".getBytes(US_ASCII));
        assertEquals("HTTP/1.1 200 OK", in.readLine());
      }
    }
    try (RawHttp2 http2 = new RawHttp2(server.uri("/").getPort())) {
      List<String> fields =
          List.of(
              "authorization: " + loginOf(user),
              "expect: 100-continue",
              "content-length: " + length);
      http2.request(0, 1, "PUT", path, fields.toArray(String[]::new));
      assertEquals("status " + status, http2.next());
      if (status == 100) {
        http2.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, "a 10\n".getBytes(US_ASCII));
        assertEquals("status 200", http2.next());
      }
    }
  }

  private static Socket connect() throws Exception {
    Socket socket = new Socket("127.0.0.1", server.uri("/").getPort());
    socket.setSoTimeout(120_000);
    return socket;
  }

  @Test
  void isNotToldToContinueWhileThereAreTooManyPushes() throws Exception {
    try (ServerProcess busy = ServerProcess.listening("--push.max-concurrent=1");
        Socket slow = new Socket("127.0.0.1", busy.uri("/").getPort())) {
      // More than is waited for without a thread.
      String head = "PUT /metrics/job/slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
      slow.getOutputStream().write((head + "#".repeat(70_000)).getBytes(US_ASCII));
      String status = "HTTP/1.1 100";
      for (int i = 0; i < 1_000 && status.equals("HTTP/1.1 100"); i++) {
        try (Socket socket = new Socket("127.0.0.1", busy.uri("/").getPort())) {
          socket.setSoTimeout(120_000);
          head = "PUT /metrics/job/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
          socket.getOutputStream().write((head + "Content-Length: 4\r\n\r\n").getBytes(US_ASCII));
          status = new String(socket.getInputStream().readNBytes(12), US_ASCII);
        }
      }
      assertEquals("HTTP/1.1 429", status);
    }
  }

  /** They wait for the client without a thread each; there are 500. */
  @Test
  void manyThatAreToldToContinueKeepNobodyElseWaiting() throws Exception {
    byte[] head =
        ("PUT /metrics/job/mine HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nAuthorization: "
                + GOOD
                + "\r\nContent-Length: 4\r\n\r\n")
            .getBytes(US_ASCII);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 600; i++) {
        sockets.add(connect());
        sockets.get(i).getOutputStream().write(head);
      }
      for (Socket socket : sockets) {
        byte[] told = socket.getInputStream().readNBytes(25);
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", new String(told, US_ASCII));
      }
      assertEquals(200, server.send("GET", "/-/healthy", "").statusCode());
      for (Socket socket : sockets) {
        socket.getOutputStream().write("a 1\n".getBytes(US_ASCII));
        byte[] status = socket.getInputStream().readNBytes(15);
        assertEquals("HTTP/1.1 200 OK", new String(status, US_ASCII));
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
