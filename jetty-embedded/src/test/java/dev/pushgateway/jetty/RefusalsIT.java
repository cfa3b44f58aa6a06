package dev.pushgateway.jetty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Jetty refuses by itself is one plain sentence, and does not tell what it is. */
final class RefusalsIT {
  private static final String LONG = "LONG";

  @TempDir private static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    server = ServerProcess.listening("--web.max-header-bytes=16KiB", "--push.max-body-bytes=1MiB");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET /%00 HTTP/1.1␊Host: x            | 400 Bad Request  | This is not a valid HTTP request.
          G\u0001T / HTTP/1.1␊Host: x          | 400 Bad Request  | This is not a valid HTTP request.
          GET / HTTP/1.1                       | 400 Bad Request  | This is not a valid HTTP request.
          GET / HTTP/1.1␊Host: a b c           | 400 Bad Request  | This is not a valid HTTP request.
          GET / HTTP/1.1␊Host: x␊No colon      | 400 Bad Request  | This is not a valid HTTP request.
          GET /metrics/job/%zz HTTP/1.1␊Host: x | 400 Bad Request | This is not a valid HTTP request.
          PUT / HTTP/1.1␊Host: x␊Content-Length: -1 | 400 Bad Request | This is not a valid HTTP request.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: foo | 400 Bad Request | This is not a valid HTTP request.
          GET / HTTP/1.1␊Host: x␊Expect: much  | 417 Expectation Failed | Expectation Failed.
          GET /LONG HTTP/1.1␊Host: x           | 414 URI Too Long | The path is too long.
          GET / HTTP/1.1␊Host: x␊A: LONG       | 431 Request Header Fields Too Large | The headers are too large.
          GET / HTTP/9.9␊Host: x               | 505 HTTP Version Not Supported | HTTP Version Not Supported.
          """)
  void overHttp1(String head, String status, String sentence) throws Exception {
    String request = head.replace("␊", "\r\n").replace(LONG, "x".repeat(20_000)) + "\r\n\r\n";
    String answer = answer(request);
    assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
    assertTrue(answer.endsWith("\r\n\r\n" + sentence + "\n"), answer);
    checkHeaders(answer);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"1048576, HTTP/1.1 100 Continue", "1048577, HTTP/1.1 413"})
  void bodyThatIsTooLongIsNotAskedFor(int length, String status) throws Exception {
    String request = "PUT /metrics/job/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
    byte[] head = (request + "Content-Length: " + length + "\r\n\r\n").getBytes(ISO_8859_1);
    try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(head);
      byte[] start = socket.getInputStream().readNBytes(status.length());
      assertEquals(status, new String(start, ISO_8859_1));
    }
  }

  private static String answer(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void checkHeaders(String answer) {
    String lower = answer.toLowerCase(Locale.ROOT);
    assertTrue(lower.contains("\r\ncontent-type: text/plain; charset=utf-8\r\n"), answer);
    assertTrue(lower.contains("\r\nx-content-type-options: nosniff\r\n"), answer);
    for (String leak : new String[] {"jetty", "server:", "java", "exception", "\tat "}) {
      assertFalse(lower.contains(leak), answer);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /%00                | 400 | This is not a valid HTTP request.
          /metrics/job/%zz    | 400 | This is not a valid HTTP request.
          /LONG               | 414 | The path is too long.
          /-/healthy LONG     | 431 | The headers are too large.
          """)
  void overHttp2(String request, String status, String sentence) throws Exception {
    String[] pathAndHeader = (request + " x").replace(LONG, "x".repeat(20_000)).split(" ");
    String answer =
        curl("http://" + server.address() + pathAndHeader[0], "-H", "X: " + pathAndHeader[1]);
    assertTrue(answer.startsWith("HTTP/2 " + status), answer);
    assertTrue(answer.endsWith("\r\n\r\n" + sentence + "\n"), answer);
    checkHeaders(answer);
  }

  /** Heads with their bodies, as they come. */
  private static String curl(String... options) throws Exception {
    String[] command = {"-s", "-D-", "--http2-prior-knowledge", "-m", "20"};
    Path out = folder.resolve("out");
    String[] all = new String[command.length + 1 + options.length];
    all[0] = "curl";
    System.arraycopy(command, 0, all, 1, command.length);
    System.arraycopy(options, 0, all, command.length + 1, options.length);
    int exit = new ProcessBuilder(all).redirectOutput(out.toFile()).start().waitFor();
    assertEquals(0, exit, Arrays.toString(all));
    return Files.readString(out);
  }

  /** Else anybody could fill the log, and with what they like. */
  @Test
  void nothingOfItIsLogged() throws Exception {
    String bad = answer("GET / HTTP/1.1\r\nHost: forged line\r\n\r\n");
    assertTrue(bad.startsWith("HTTP/1.1 400 "), bad);
    assertEquals(200, server.send("GET", "/-/healthy", "").statusCode());
    assertFalse(server.log().toString().contains("forged"), server.log().toString());
  }
}
