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
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP does not allow is refused with one plain sentence, which does not name Jetty. */
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
          GET /%00 HTTP/1.1␊Host: x            | 400 Bad Request  | The path has the escape %00, which no path can have.
          GET /%zz HTTP/1.1␊Host: x            | 400 Bad Request  | The path has a broken escape: expected '%' and two hexadecimal digits.
          GET /a% HTTP/1.1␊Host: x             | 400 Bad Request  | The path has a broken escape: expected '%' and two hexadecimal digits.
          GET /%ff HTTP/1.1␊Host: x            | 400 Bad Request  | the path has a segment that is not UTF-8: "%ff"
          GET /%u0041 HTTP/1.1␊Host: x         | 400 Bad Request  | the path has a broken escape: expected '%' and two hexadecimal digits, found "%u0"
          G\u0001T / HTTP/1.1␊Host: x          | 400 Bad Request  | The request line or a header has a character that is not allowed there.
          GET /#x HTTP/1.1␊Host: x             | 400 Bad Request  | This is not a valid HTTP request.
          GET / HTTP/1.1                       | 400 Bad Request  | The header Host is missing.
          GET http://x/ HTTP/1.1               | 400 Bad Request  | The header Host is missing.
          GET / HTTP/1.1␊Host: a b c           | 400 Bad Request  | The header Host is malformed: expected a host, or a host, ':' and a port.
          GET / HTTP/1.1␊Host: gateway:9091:9091 | 400 Bad Request | The header Host is malformed: expected a host, or a host, ':' and a port.
          GET / HTTP/1.1␊Host: gateway:x       | 400 Bad Request  | The header Host is malformed: expected a host, or a host, ':' and a port.
          GET http://x/ HTTP/1.1␊Host: a b c   | 400 Bad Request  | The header Host is malformed: expected a host, or a host, ':' and a port.
          GET / HTTP/1.1␊Host: x␊Host: x       | 400 Bad Request  | There is more than one header Host.
          GET / HTTP/1.1␊Host:␊Host: x         | 400 Bad Request  | There is more than one header Host.
          GET / HTTP/1.1␊Host: x␊A: b␊ c       | 400 Bad Request  | A header line begins with a blank or ':'; expected a name, since no header may be folded.
          GET / HTTP/1.1␊Host: x␊A : b         | 400 Bad Request  | The request line or a header has a character that is not allowed there.
          GET / HTTP/1.1␊Host: x␊Colon         | 400 Bad Request  | The request line or a header has a character that is not allowed there.
          GET / HTTP/1.1␊Host: x␊: b           | 400 Bad Request  | A header line begins with a blank or ':'; expected a name, since no header may be folded.
          GET / HTTP/1.1␊Host: x␊No colon      | 400 Bad Request  | The request line or a header has a character that is not allowed there.
          PUT / HTTP/1.1␊Host: x␊Content-Length: -1 | 400 Bad Request | The header Content-Length is malformed: expected one whole number.
          PUT / HTTP/1.1␊Host: x␊Content-Length: 4, 4 | 400 Bad Request | The header Content-Length is malformed: expected one whole number.
          PUT / HTTP/1.1␊Host: x␊Content-Length: 99999999999999999999 | 400 Bad Request | The header Content-Length is malformed: expected one whole number.
          PUT / HTTP/1.1␊Host: x␊Content-Length: 3␊Content-Length: 4 | 400 Bad Request | There is more than one header Content-Length.
          PUT / HTTP/1.1␊Host: x␊Content-Length: 4␊Content-Length: 4 | 400 Bad Request | There is more than one header Content-Length.
          PUT / HTTP/1.1␊Host: x␊Content-Length: 4␊Transfer-Encoding: chunked | 400 Bad Request | There are both headers Content-Length and Transfer-Encoding; only one is allowed.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: foo | 501 Not Implemented | The transfer encoding must be chunked, or none.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: identity | 501 Not Implemented | The transfer encoding must be chunked, or none.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: chunked, chunked | 501 Not Implemented | The transfer encoding must be chunked, or none.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: chunked, gzip | 501 Not Implemented | The transfer encoding must be chunked, or none.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: chunked;q=1 | 501 Not Implemented | The transfer encoding must be chunked, or none.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: chunked␊Transfer-Encoding: chunked | 501 Not Implemented | The transfer encoding must be chunked, or none.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: | 501 Not Implemented | The transfer encoding must be chunked, or none.
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: gzip, chunked | 501 Not Implemented | the transfer encoding must be chunked, or none; found "gzip, chunked"
          PUT / HTTP/1.1␊Host: x␊Transfer-Encoding: gzip␊Transfer-Encoding: chunked | 501 Not Implemented | the transfer encoding must be chunked, or none; found "gzip, chunked"
          GET / HTTP/1.1␊Host: x␊Expect: much  | 417 Expectation Failed | Expectation Failed.
          GET /LONG HTTP/1.1␊Host: x           | 414 URI Too Long | The path is too long; the limit is 16384 bytes (--web.max-header-bytes).
          GET / HTTP/1.1␊Host: x␊A: LONG       | 431 Request Header Fields Too Large | The headers are too large; the limit is 16384 bytes (--web.max-header-bytes).
          GET / HTTP/9.9␊Host: x               | 505 HTTP Version Not Supported | HTTP Version Not Supported.
          """)
  void overHttp1(String head, String status, String sentence) throws Exception {
    String request = head.replace("␊", "\r\n").replace(LONG, "x".repeat(20_000)) + "\r\n\r\n";
    String answer = answer(request);
    assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
    assertTrue(answer.endsWith("\r\n\r\n" + sentence + "\n"), answer);
    checkHeaders(answer);
  }

  /** RFC 9112, section 3.2. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /-/healthy HTTP/1.1␊Host:",
        "GET /-/healthy HTTP/1.1␊Host:  ",
        "GET http://gateway.example:9091/-/healthy HTTP/1.1␊Host: other.example",
        "GET http://gateway.example/-/healthy HTTP/1.1␊Host:",
        "GET HTTPS://[::1]/-/healthy HTTP/1.1␊Host: x",
        "GET http://gateway_1/-/healthy HTTP/1.1␊Host: x",
        "GET /-/healthy HTTP/1.0"
      })
  void emptyHostAndAbsoluteUriAreServed(String head) throws Exception {
    String answer = answer(head.replace("␊", "\r\n") + "\r\nConnection: close\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
    assertTrue(answer.endsWith("\r\n\r\nOK"), answer);
  }

  /** The header {@code TE} tells what a client takes, and is nothing to us. */
  @ParameterizedTest
  @CsvSource({
    "Transfer-Encoding: chunked",
    "transfer-encoding: CHUNKED",
    "Transfer-Encoding:chunked"
  })
  void chunkedIsTaken(String header) throws Exception {
    String head = "PUT /metrics/job/chunked HTTP/1.1\r\nHost: x\r\nTE: gzip, foo;q=2\r\n" + header;
    String answer = answer(head + "\r\n\r\n4\r\na 1\n\r\n0\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
    assertTrue(server.scrape().contains("a{instance=\"\",job=\"chunked\"} 1\n"));
  }

  /** Nothing that is said of a body may be taken for something else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-length: -1",
        "content-length: +4",
        "content-length: 4x",
        "content-length: x",
        "content-length: 4, 4",
        "transfer-encoding: chunked",
        "transfer-encoding: gzip",
        "upgrade: h2c",
        "connection: close",
        "connection: TE",
        "keep-alive: timeout=5",
        "proxy-connection: keep-alive",
        "te: gzip"
      })
  void malformedHttp2(String field) throws Exception {
    try (RawHttp2 http2 = new RawHttp2(server.uri("/").getPort())) {
      http2.request(0, 1, "PUT", "/metrics/job/malformed", field);
      http2.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, "a 1\n".getBytes(ISO_8859_1));
      String next = http2.next();
      // Jetty itself sees to some of these: 1 is PROTOCOL_ERROR.
      assertTrue(next.matches("status 400|reset 1|goaway 1"), next);
      assertFalse(server.scrape().contains("malformed"));
    }
  }

  @Test
  void http2IsSpokenAfterAnUpgrade() throws Exception {
    Path out = folder.resolve("upgraded");
    String[] curl = {"curl", "-s", "--http2", "-m", "20", server.uri("/-/healthy").toString()};
    assertEquals(0, new ProcessBuilder(curl).redirectOutput(out.toFile()).start().waitFor());
    assertEquals("OK", Files.readString(out));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"1048576, HTTP/1.1 100 Continue", "1048577, HTTP/1.1 413"})
  void bodyThatIsTooLongIsNotAskedFor(int length, String status) throws Exception {
    String request = "PUT /metrics/job/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
    byte[] head = (request + "Content-Length: " + length + "\r\n\r\n").getBytes(ISO_8859_1);
    try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
      socket.setSoTimeout(120_000);
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
    String lower = answer.toLowerCase(Locale.ROOT).replace("; charset", ";charset");
    assertTrue(lower.contains("\r\ncontent-type: text/plain;charset=utf-8\r\n"), answer);
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
          /%00                | 400 | The path has the escape %00, which no path can have.
          /metrics/job/%zz    | 400 | The path has a broken escape: expected '%' and two hexadecimal digits.
          /metrics/job/%ff    | 400 | the path has a segment that is not UTF-8: "%ff"
          /LONG               | 414 | The path is too long; the limit is 16384 bytes (--web.max-header-bytes).
          /-/healthy LONG     | 431 | The headers are too large; the limit is 16384 bytes (--web.max-header-bytes).
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
