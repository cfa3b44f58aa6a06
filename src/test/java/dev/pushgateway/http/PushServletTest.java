package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.store.ChangeLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushServletTest {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = GatewayFixture.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static void assertRefused(int status, String message, HttpResponse<String> response) {
    assertEquals(message + "\n", response.body());
    assertEquals(status, response.statusCode());
    assertEquals("text/plain;charset=utf-8", contentType(response));
    assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
  }

  private static String contentType(HttpResponse<?> response) {
    return response.headers().firstValue("Content-Type").orElse("").replace(" ", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "POST"})
  void takesPush(String method) throws Exception {
    String job = "takes_" + method;
    HttpResponse<String> response =
        gateway.send(method, "/metrics/job/" + job + "/a/b%2Fc%2Fd", job + "{l=\"1\"} 2\n");
    assertEquals(200, response.statusCode());
    assertEquals("", response.body());
    assertEquals("0", response.headers().firstValue("Content-Length").orElse(""));
    assertTrue(response.headers().firstValue("Content-Type").isEmpty());
    assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
    assertEquals(
        job + "{a=\"b/c/d\",instance=\"\",job=\"" + job + "\",l=\"1\"} 2\n", gateway.scraped(job));
  }

  @Test
  void putReplacesGroup_postReplacesFamilies() throws Exception {
    gateway.send("PUT", "/metrics/job/replaces", "replaces_a 1\nreplaces_b 1\n");
    gateway.send("POST", "/metrics/job/replaces", "replaces_b 2\n");
    assertEquals(
        """
        replaces_a{instance="",job="replaces"} 1
        replaces_b{instance="",job="replaces"} 2
        """,
        gateway.scraped("replaces"));
    gateway.send("PUT", "/metrics/job/replaces", "replaces_b 3\n");
    assertEquals("replaces_b{instance=\"\",job=\"replaces\"} 3\n", gateway.scraped("replaces"));
  }

  @Test
  void pushTimeIsTheClocks() throws Exception {
    gateway.send("PUT", "/metrics/job/timed", "");
    assertTrue(
        gateway
            .scraped("push_time_seconds")
            .contains("push_time_seconds{instance=\"\",job=\"timed\"} 1.7953488005e+09\n"),
        gateway.scraped("push_time_seconds"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json",
        "; broken",
        "application/vnd.google.protobuf"
      })
  void readsAnyOtherContentTypeAsText(String contentType) throws Exception {
    HttpResponse<String> response =
        gateway.send(
            "POST", "/metrics/job/types?a=1&b=2", "types 1\n", "Content-Type", contentType);
    assertEquals(200, response.statusCode(), response.body());
    assertEquals("types{instance=\"\",job=\"types\"} 1\n", gateway.scraped("types"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          multipart/form-data; boundary=X | --X␊a 1␊--X--␊ | line 1, column 1: expected a metric \
          name, found '-'; the body is a form; send the file itself: curl --data-binary @FILE
          application/x-www-form-urlencoded | # TYPE a gaugea 1 | line 1, column 10: unknown metric \
          type "gaugea 1"; curl -d removes line feeds; use --data-binary
          application/x-www-form-urlencoded | a␊ | line 1, column 2: expected a number as value, \
          found the end of the line
          text/plain | a | line 1, column 2: expected a number as value, found the end
          text/plain | a 1\\nb 2 | line 1, column 3: expected a number as value, found "1\\\\nb"
          text/plain | a 1\u00a0 | line 1, column 3: expected a number as value, found "1\\u00A0"
          """)
  void pointsAtTheCauseOfABrokenBody(String contentType, String body, String message)
      throws Exception {
    assertRefused(
        400,
        message,
        gateway.send(
            "POST", "/metrics/job/form", body.replace('␊', '\n'), "Content-Type", contentType));
  }

  @Test
  void pathWithAForgottenValueChangesNothing() throws Exception {
    gateway.send("PUT", "/metrics/job/forgot/instance/region", "forgot 1\n");
    String message =
        "the value of label \"instance\" is empty; to mean an empty value, write instance@base64/=";
    for (String method : new String[] {"PUT", "POST", "DELETE"}) {
      String path = "/metrics/job/forgot/instance//region";
      assertRefused(400, message, gateway.send(method, path, "forgot 2\n"));
      assertRefused(400, message, gateway.send(method, path + "//zone/x", "forgot 2\n"));
      assertRefused(
          400,
          "the job is missing: the path is metrics/job/JOB{/LABEL/VALUE}",
          gateway.send(method, "/metrics/job//forgot/", "forgot 2\n"));
    }
    assertEquals("forgot{instance=\"region\",job=\"forgot\"} 1\n", gateway.scraped("forgot"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"count", "sum"})
  void nameOfAPartIsExplainedInEitherOrder(String part) throws Exception {
    String whole = "# TYPE whole summary\nwhole{quantile=\"0.5\"} 0\n";
    String other = "# TYPE whole_%s counter\nwhole_%s 3\n".formatted(part, part);
    String sentence =
        "family \"whole_%s\" of this push collides with a series of summary \"whole\" of this push\n"
            .formatted(part);
    for (String body : new String[] {whole + other, other + whole}) {
      HttpResponse<String> answer = gateway.send("POST", "/metrics/job/parts", body);
      assertEquals(400, answer.statusCode());
      assertTrue(answer.body().endsWith(sentence), answer.body());
    }
  }

  @Test
  void readsProtobuf() throws Exception {
    // MetricFamily: 1 name, 3 type (1 gauge), 4 metric: 2 gauge: 1 value
    byte[] family = {19, 10, 2, 'p', 'b', 24, 1, 34, 11, 18, 9, 9, 0, 0, 0, 0, 0, 0, 8, 64};
    HttpResponse<String> response =
        gateway.send("POST", "/metrics/job/protobuf", family, "Content-Type", PROTOBUF);
    assertEquals("", response.body());
    assertEquals(200, response.statusCode());
    assertEquals("pb{instance=\"\",job=\"protobuf\"} 3\n", gateway.scraped("pb"));
    HttpResponse<String> broken =
        gateway.send(
            "POST", "/metrics/job/protobuf", new byte[] {19, 10}, "Content-Type", PROTOBUF);
    assertEquals(400, broken.statusCode());
    assertFalse(broken.body().isBlank());
  }

  @Test
  void refusesProtobufWithAValueOfAnotherType() throws Exception {
    byte[] counterWithGauge = {17, 10, 2, 'p', 'b', 34, 11, 18, 9, 9, 0, 0, 0, 0, 0, 0, 8, 64};
    HttpResponse<String> response =
        gateway.send("POST", "/metrics/job/protobuf", counterWithGauge, "Content-Type", PROTOBUF);
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("metric pb"), response.body());
  }

  @Test
  void readsChunkedBody() throws Exception {
    byte[] body = "chunked 1\n".getBytes(StandardCharsets.UTF_8);
    HttpResponse<String> response =
        gateway.send(
            "POST",
            "/metrics/job/chunked",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    assertEquals(200, response.statusCode());
    assertEquals("chunked{instance=\"\",job=\"chunked\"} 1\n", gateway.scraped("chunked"));
  }

  @Test
  void tellsWaitingClientToGoOn() throws Exception {
    String answer =
        gateway.raw(
            """
            PUT /metrics/job/waits HTTP/1.1\r
            Host: h\r
            Connection: close\r
            Expect: 100-continue\r
            Content-Length: 8\r
            \r
            waits 1
            """
                .getBytes(StandardCharsets.UTF_8));
    assertTrue(answer.startsWith("HTTP/1.1 100 "), answer);
    assertTrue(answer.contains("HTTP/1.1 200 "), answer);
  }

  @Test
  void doesNotTellWaitingClientToGoOnIfThePathIsBad() throws Exception {
    String answer =
        gateway.raw(
            "PUT /metrics/job/waits/odd HTTP/1.1", "Expect: 100-continue", "Content-Length: 8");
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
  }

  @Test
  void refusesTextWithPlaceAndReason() throws Exception {
    HttpResponse<String> response =
        gateway.send("PUT", "/metrics/job/refused", "refused 1\nrefused_b x\n");
    assertEquals(400, response.statusCode());
    assertTrue(response.body().startsWith("line 2, column "), response.body());
    assertEquals("", gateway.scraped("refused"));
  }

  @Test
  void refusesInconsistentPush() throws Exception {
    gateway.send("PUT", "/metrics/job/one", "# TYPE conflict gauge\nconflict 1\n");
    HttpResponse<String> response =
        gateway.send("PUT", "/metrics/job/two", "# TYPE conflict counter\nconflict 1\n");
    assertRefused(
        400,
        "pushed metrics are invalid or inconsistent with existing metrics: family \"conflict\" is"
            + " pushed as counter, but group {job=\"one\"} has it as gauge",
        response);
  }

  @Test
  void refusesTimestamps() throws Exception {
    assertRefused(
        400,
        "pushed metrics are invalid or inconsistent with existing metrics: pushed metrics must not"
            + " have timestamps",
        gateway.send("PUT", "/metrics/job/stamped", "stamped 1 1000\n"));
  }

  @Test
  void refusesBadPathAndKeepsTheConnection() throws Exception {
    String body = "refused 1\n".repeat(40_000);
    String requests =
        "POST /metrics/job/kept/a HTTP/1.1\r\nHost: h\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body
            + "POST /metrics/job/kept HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
            + "Content-Length: 7\r\n\r\nkept 1\n";
    String answer = gateway.raw(requests.getBytes(StandardCharsets.UTF_8));
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertTrue(answer.contains("HTTP/1.1 200 "), answer);
  }

  @Test
  void refusesBodyThatDoesNotArrive() throws Exception {
    String answer =
        gateway.raw(
            """
            PUT /metrics/job/broken HTTP/1.1\r
            Host: h\r
            Connection: close\r
            Transfer-Encoding: chunked\r
            \r
            nonsense\r
            """
                .getBytes(StandardCharsets.UTF_8));
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertEquals("", gateway.scraped("broken"));
  }

  @Test
  void messagesStayOnOneLine() throws Exception {
    HttpResponse<String> response = gateway.send("PUT", "/metrics/job/x/a%0Alevel=error/1", "");
    assertRefused(400, "improper label name \"a\\nlevel=error\" in the path", response);
  }

  @Test
  void servesManyClientsAtOnce() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> statuses = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String path = "/metrics/job/many/i/" + i;
        String body = "many{x=\"" + i + "\"} " + i + "\n";
        statuses.add(clients.submit(() -> gateway.send("PUT", path, body).statusCode()));
      }
      for (Future<Integer> status : statuses) {
        assertEquals(200, status.get());
      }
    } finally {
      clients.shutdown();
    }
    String[] lines = gateway.scraped("many").split("\n");
    assertEquals(200, lines.length);
    for (String line : lines) {
      String number = line.substring(line.lastIndexOf(' ') + 1);
      assertTrue(line.contains("i=\"" + number + "\"") && line.contains("x=\"" + number + "\""));
    }
  }

  /** Some clients take only 202 for success; a push is checked all the same (issue 21). */
  @Test
  void answersAcceptedPushesWithTheChosenStatus() throws Exception {
    try (GatewayFixture with202 = GatewayFixture.with().successStatus(202).start()) {
      assertEquals(
          202, with202.send("PUT", "/metrics/job/x", "# TYPE x gauge\nx 1\n").statusCode());
      assertEquals(202, with202.send("POST", "/metrics/job/x", "y 1\n").statusCode());
      assertEquals(400, with202.send("POST", "/metrics/job/x", "x y\n").statusCode());
      assertEquals(
          400, with202.send("PUT", "/metrics/job/z", "# TYPE x counter\nx 1\n").statusCode());
      assertEquals(202, with202.send("DELETE", "/metrics/job/z", "").statusCode());
      assertEquals(200, with202.get("/metrics").statusCode());
    }
  }

  @Test
  void answers202Unchecked() throws Exception {
    try (GatewayFixture unchecked = GatewayFixture.with().unchecked().start()) {
      HttpResponse<String> taken = unchecked.send("PUT", "/metrics/job/x", "x 1\n");
      assertEquals(202, taken.statusCode());
      assertEquals("", taken.body());
      assertEquals(202, unchecked.send("PUT", "/metrics/job/x", "x 2 1000\n").statusCode());
      assertEquals("x{instance=\"\",job=\"x\"} 1\n", unchecked.scraped("x"));
      assertEquals(400, unchecked.send("PUT", "/metrics/job/x", "x y\n").statusCode());
    }
  }

  @Test
  void answers503IfTheChangeCannotBeKept() throws Exception {
    ChangeLog full =
        change -> {
          throw new IOException("cannot write to /secret/path: No space left on device");
        };
    try (GatewayFixture failing = GatewayFixture.with().changeLog(full).start()) {
      HttpResponse<String> response = failing.send("PUT", "/metrics/job/x", "x 1\n");
      assertRefused(503, "the push could not be stored on disk: No space left on device", response);
      assertTrue(response.headers().firstValue("Retry-After").isPresent());
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "PUT, /metrics/job/x",
    "DELETE, /metrics/job/x",
    "GET, /metrics",
    "PUT, /api/v1/admin/wipe",
    "GET, /-/ready",
  })
  void answers503WhileNotReady(String method, String path) throws Exception {
    try (GatewayFixture starting = GatewayFixture.with().adminApi().around(NotReady::new).start()) {
      HttpResponse<String> response = starting.send(method, path, "");
      assertRefused(503, "the gateway is not ready: the file is locked", response);
      assertEquals("5", response.headers().firstValue("Retry-After").orElse(""));
      assertEquals(200, starting.get("/-/healthy").statusCode());
      assertEquals(200, starting.get("/api/v1/status").statusCode());
      assertTrue(starting.get("/").body().contains("the file is locked"));
    }
  }

  @Test
  void listing_answers503InJsonWhileNotReady() throws Exception {
    try (GatewayFixture starting = GatewayFixture.with().around(NotReady::new).start()) {
      HttpResponse<String> response = starting.get("/api/v1/metrics");
      assertEquals(503, response.statusCode());
      assertEquals("5", response.headers().firstValue("Retry-After").orElse(""));
      assertEquals("application/json", contentType(response));
      assertTrue(response.body().contains("\"errorType\":\"unavailable\""), response.body());
      assertTrue(response.body().contains("the file is locked"), response.body());
    }
  }
}
