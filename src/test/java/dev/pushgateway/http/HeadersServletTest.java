package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer says what it is and that browsers must not guess; none tells what made it. */
class HeadersServletTest {
  private static final List<String> TELLTALES =
      List.of("jetty", "java", "exception", "\tat ", "dev.pushgateway", "/work", "12.1");

  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = GatewayFixture.with().adminApi().start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /                         | 200 | text/html; charset=utf-8
          GET    | /status                   | 200 | text/html; charset=utf-8
          GET    | /static/page.css          | 404 | text/plain; charset=utf-8
          GET    | /nowhere                  | 404 | text/plain; charset=utf-8
          GET    | /-/healthy                | 200 | text/plain; charset=utf-8
          GET    | /-/ready                  | 200 | text/plain; charset=utf-8
          GET    | /-/quit                   | 405 | text/plain; charset=utf-8
          PUT    | /-/quit                   | 403 | text/plain; charset=utf-8
          PUT    | /metrics/job/a            | 400 | text/plain; charset=utf-8
          PUT    | /metrics/job/a/b          | 400 | text/plain; charset=utf-8
          PUT    | /metrics/job@base64/-     | 400 | text/plain; charset=utf-8
          PATCH  | /metrics/job/a            | 405 | text/plain; charset=utf-8
          DELETE | /metrics                  | 405 | text/plain; charset=utf-8
          GET    | /metrics                  | 200 | text/plain; version=0.0.4; charset=utf-8; \
          escaping=underscores
          GET    | /api/v1/metrics           | 200 | application/json
          GET    | /api/v1/metrics?limit=x   | 400 | application/json
          GET    | /api/v1/status            | 200 | application/json
          GET    | /api/v1/nowhere           | 404 | text/plain; charset=utf-8
          """)
  void answerSaysWhatItIs(String method, String path, int status, String contentType)
      throws Exception {
    HttpResponse<String> answer = gateway.send(method, path, "a{");
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(
        contentType.replace(" ", ""),
        answer
            .headers()
            .firstValue("Content-Type")
            .orElse("none")
            .replace(" ", "")
            .toLowerCase(Locale.ROOT));
    assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElse("none"));
    assertFalse(answer.headers().firstValue("Server").isPresent());
    if (status >= 400) {
      String body = answer.body().toLowerCase(Locale.ROOT);
      TELLTALES.forEach(telltale -> assertFalse(body.contains(telltale), body));
    }
  }

  /** It may leave the length out, but not say another. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/status",
        "/static/js/main.js",
        "/metrics",
        "/api/v1/metrics",
        "/api/v1/status",
        "/-/healthy",
        "/-/ready",
        "/api/v1/metrics?limit=x",
        "/nowhere"
      })
  void headHasTheLengthThatGetHas(String path) throws Exception {
    HttpResponse<String> get = gateway.send("GET", path, "");
    HttpResponse<String> head = gateway.send("HEAD", path, "");
    assertEquals(get.statusCode(), head.statusCode());
    assertEquals("", head.body());
    OptionalLong length = head.headers().firstValueAsLong("Content-Length");
    if (length.isPresent()) {
      assertEquals(get.headers().firstValueAsLong("Content-Length"), length);
    }
  }
}
