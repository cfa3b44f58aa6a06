package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.admission.BodyLimits;
import dev.pushgateway.admission.PushLimits;
import dev.pushgateway.parse.SeriesLimits;
import dev.pushgateway.store.StoreLimits;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is beyond a limit gets its status and a sentence, and nothing of it is stored. */
@Timeout(300)
class LimitsServletTest {
  private static final int MAX_BODY_BYTES = 10_000;

  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        GatewayFixture.with()
            .limits(
                new PushLimits(
                    new BodyLimits(MAX_BODY_BYTES, MAX_BODY_BYTES, Duration.ofMillis(300), 0),
                    new SeriesLimits(3, 4, 10, 20, 20, 0),
                    1))
            .storeLimits(new StoreLimits(1, 4))
            .start();
    assertEquals(200, gateway.send("PUT", "/metrics/job/first", "a 1\n").statusCode());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          first | a 1;b 1;c 1;d 1;     | 413 | the push has 4 series; the limit is 3 \
          (--push.max-series)
          first | a{b="1",c="1",d="1"} 1; | 413 | a series of metric family "a" has 5 labels; the \
          limit is 4 (--push.max-labels)
          first | abcdefghijk 1;       | 413 | the name of metric family "abcdefghijk" has 11 bytes; \
          the limit is 10 (--push.max-name-bytes)
          first | a{b="123456789012345678901"} 1; | 413 | the value of label "b" of metric family \
          "a" has 21 bytes; the limit is 20 (--push.max-value-bytes)
          first | # HELP a 123456789012345678901;a 1; | 413 | the help text of metric family "a" \
          has 21 bytes; the limit is 20 (--push.max-help-bytes)
          123456789012345678901 | a 1; | 413 | the value of label "job" of metric family "a" has \
          21 bytes; the limit is 20 (--push.max-value-bytes)
          first | a 1;b 1;c 1;         | 429 | too many series: the store would have 5; the limit is 4 \
          (--store.max-series)
          second| a 1;                 | 429 | too many groups; the limit is 1 (--store.max-groups)
          second| a 1;a 1;             | 429 | too many groups; the limit is 1 (--store.max-groups)
          """)
  void refuses(String job, String body, int status, String sentence) throws Exception {
    String before = gateway.scraped("");
    HttpResponse<String> answer =
        gateway.send("POST", "/metrics/job/" + job, body.replace(';', '\n'));
    assertEquals(sentence + "\n", answer.body());
    assertEquals(status, answer.statusCode());
    assertEquals(status == 429, answer.headers().firstValue("Retry-After").isPresent());
    assertEquals(pushed(before), pushed(gateway.scraped("")));
  }

  /** A scrape without what the gateway says of itself. */
  private static String pushed(String scrape) {
    StringBuilder lines = new StringBuilder();
    scrape.lines().filter(line -> line.contains("job=")).forEach(lines::append);
    return lines.toString();
  }

  /** Twice, as the one that was refused must not count for ever. */
  @Test
  void refusesMorePushesAtATimeThanAreAllowed() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (Socket slow = servedSlowly()) {
        HttpResponse<String> answer = gateway.send("PUT", "/metrics/job/first", "a 1\n");
        assertEquals(429, answer.statusCode());
        assertEquals(
            "too many concurrent pushes; the limit is 1 (--push.max-concurrent)\n", answer.body());
        send(slow, " 1\n");
        assertTrue(head(slow).startsWith("HTTP/1.1 200 OK"));
      }
    }
  }

  /** A push that is being served: from now on, others are refused. */
  private static Socket servedSlowly() throws Exception {
    while (true) {
      Socket slow = connect();
      send(slow, "PUT /metrics/job/first HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\na");
      // It may come while one of the others is being served, and be refused itself.
      while (slow.getInputStream().available() == 0) {
        if (gateway.send("PUT", "/metrics/job/first", "a 1\n").statusCode() == 429) {
          return slow;
        }
      }
      slow.close();
    }
  }

  @Test
  void refusesWhatArrivesForTooLong() throws Exception {
    try (Socket slow = connect()) {
      send(slow, "PUT /metrics/job/first HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\na");
      InputStream in = slow.getInputStream();
      slow.setSoTimeout(10);
      byte[] answer = new byte[1_000];
      int length = -1;
      for (int i = 0; i < 10_000 && length < 0; i++) {
        send(slow, "#");
        try {
          length = in.read(answer);
        } catch (java.net.SocketTimeoutException e) {
          // Goes on, at 100 bytes a second.
        }
      }
      String text = new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
      assertTrue(text.startsWith("HTTP/1.1 408 Request Timeout\r\n"), text);
      assertTrue(text.contains("Connection: close\r\n"), text);
      assertTrue(text.endsWith("\r\n\r\nthe body has not arrived within 0.3 seconds\n"), text);
    }
  }

  /** As a simple client does: a body of ten times what is allowed, all of it before it reads. */
  @ParameterizedTest
  @CsvSource({"identity, 413", "gzip, 413", "none, 400", "identity, 404", "identity, 405"})
  void clientThatSendsAllBeforeItReadsSeesTheAnswer(String encoding, int status) throws Exception {
    String line =
        switch (status) {
          case 404 -> "PUT /metrics/no HTTP/1.1";
          case 405 -> "PUT /metrics HTTP/1.1";
          case 400 -> "PUT /metrics/job/first/x HTTP/1.1";
          default -> "PUT /metrics/job/first HTTP/1.1";
        };
    byte[] body = new byte[20 << 20];
    Arrays.fill(body, (byte) '\n');
    try (Socket socket = connect()) {
      socket.setSoTimeout(120_000);
      String head = line + "\r\nHost: h\r\nContent-Encoding: " + encoding;
      send(socket, head + "\r\nContent-Length: " + body.length + "\r\n\r\n");
      socket.getOutputStream().write(body);
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
      assertTrue(answer.contains("Connection: close\r\n"), answer);
      assertFalse(answer.endsWith("\r\n"), answer);
    }
  }

  private static Socket connect() throws Exception {
    return new Socket(InetAddress.getLoopbackAddress(), gateway.port());
  }

  private static void send(Socket socket, String text) throws Exception {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String head(Socket socket) throws Exception {
    byte[] bytes = new byte[1_000];
    int length = socket.getInputStream().read(bytes);
    return new String(bytes, 0, Math.max(0, length), StandardCharsets.US_ASCII);
  }
}
