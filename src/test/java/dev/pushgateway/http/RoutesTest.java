package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.request.Backend;
import dev.pushgateway.store.MetricStore;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesTest {
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = GatewayFixture.with().adminApi().start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      GET     | /metrics                  | 200 |
      HEAD    | /metrics                  | 200 |
      GET     | /metrics/                 | 200 |
      GET     | //metrics                 | 200 |
      PUT     | /metrics                  | 405 | GET, HEAD, OPTIONS
      POST    | /metrics/                 | 405 | GET, HEAD, OPTIONS
      PATCH   | /metrics                  | 405 | GET, HEAD, OPTIONS
      OPTIONS | /metrics                  | 200 | GET, HEAD, OPTIONS
      GET     | /metrics/job/x            | 405 | PUT, POST, DELETE, OPTIONS
      HEAD    | /metrics/job/x            | 405 | PUT, POST, DELETE, OPTIONS
      FROB    | /metrics/job/x            | 405 | PUT, POST, DELETE, OPTIONS
      OPTIONS | /metrics/job/x/a/b        | 200 | PUT, POST, DELETE, OPTIONS
      DELETE  | /metrics/job/x            | 202 |
      DELETE  | /metrics/job/x/a          | 400 |
      DELETE  | /metrics/job@base64/Z     | 400 |
      PUT     | /metrics%2Fjob%2Fx        | 200 |
      PUT     | /%6Detrics/job/x          | 200 |
      PUT     | /metrics/job%2Fx/a/b      | 200 |
      POST    | /metrics/job              | 404 |
      POST    | /metrics/job/             | 400 |
      POST    | /metrics/job@base64/      | 400 |
      DELETE  | /metrics/job//            | 400 |
      POST    | /metrics/job//instance/   | 400 |
      DELETE  | /metrics/job/x/a//b       | 400 |
      DELETE  | /metrics/job/x%2F         | 202 |
      POST    | /metrics/JOB/x            | 404 |
      POST    | /metrics/instance/x/job/y | 404 |
      GET     | /Metrics                  | 404 |
      GET     | /-/ready                  | 200 |
      GET     | /-/ready/                 | 200 |
      HEAD    | /-/ready                  | 200 |
      DELETE  | /-/ready                  | 405 | GET, HEAD, OPTIONS
      GET     | /-/healthy                | 200 |
      GET     | /                         | 200 |
      GET     | /status                   | 200 |
      GET     | /status/                  | 200 |
      HEAD    | /status                   | 200 |
      POST    | /status                   | 405 | GET, HEAD, OPTIONS
      GET     | /-/quit                   | 405 | PUT, POST, OPTIONS
      HEAD    | /-/quit                   | 405 | PUT, POST, OPTIONS
      PUT     | /-/quit                   | 403 |
      POST    | /-/quit                   | 403 |
      GET     | /api/v1/metrics           | 200 |
      HEAD    | /api/v1/metrics           | 200 |
      POST    | /api/v1/metrics           | 405 | GET, HEAD, OPTIONS
      OPTIONS | /api/v1/metrics           | 200 | GET, HEAD, OPTIONS
      GET     | /api/v1/nope              | 404 |
      OPTIONS | /api/v1/nope/at/all       | 200 | OPTIONS
      GET     | /api/v1                   | 404 |
      OPTIONS | /api                      | 404 |
      GET     | /api/v1/admin/wipe        | 405 | PUT, OPTIONS
      DELETE  | /api/v1/admin/wipe        | 405 | PUT, OPTIONS
      OPTIONS | /api/v1/admin/wipe        | 200 | PUT, OPTIONS
      GET     | /nope                     | 404 |
      PUT     | /nope                     | 404 |
      OPTIONS | /nope                     | 404 |
      GET     | /static/x                 | 404 |
      GET     | /debug/pprof/             | 404 |
      GET     | /./metrics                | 404 |
      GET     | /x/../metrics             | 404 |
      """)
  void answersMethodOnPath(String method, String path, int status, String allow) throws Exception {
    HttpResponse<String> response = gateway.send(method, path, "");
    assertEquals(status, response.statusCode(), response.body());
    assertEquals(Optional.ofNullable(allow), response.headers().firstValue("Allow"));
    assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
    if (status >= 400) {
      assertEquals(
          "text/plain;charset=utf-8",
          response.headers().firstValue("Content-Type").orElse("").replace(" ", ""));
    }
  }

  @Test
  void readsRawCharactersOfThePath() throws Exception {
    String answer = gateway.raw("PUT /metrics/job/raw/a/\u00e4\"<>[]^{|}\\`;x HTTP/1.1");
    assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    assertEquals(
        "{a=\"ä\\\"<>[]^{|}\\\\`;x\",job=\"raw\"}",
        gateway.store().groups().stream()
            .map(group -> group.key().toString())
            .filter(key -> key.contains("raw"))
            .findFirst()
            .orElse("none"));
  }

  @Test
  void neverRedirects() throws Exception {
    for (String path :
        new String[] {
          "//metrics//job/r//a/b", "/metrics/job/r/./b", "/metrics/job/r/x/../y/../z"
        }) {
      int status = gateway.send("POST", path, "").statusCode();
      assertTrue(status == 200 || status == 400, path + ": " + status);
    }
    assertEquals(200, gateway.send("POST", "//metrics//job/r//a/b", "").statusCode());
    assertEquals(200, gateway.send("POST", "/metrics/job/r/a/.", "").statusCode());
    assertEquals(200, gateway.send("POST", "/metrics/job/r/a/%2E%2E", "").statusCode());
  }

  @Test
  void tellsHowToQuit() throws Exception {
    assertEquals("Only POST or PUT requests allowed.\n", gateway.get("/-/quit").body());
    assertEquals("Lifecycle API is not enabled.\n", gateway.send("PUT", "/-/quit", "").body());
    assertEquals(0, gateway.quits());
  }

  @ParameterizedTest
  @CsvSource({"PUT", "POST"})
  void quits(String method) throws Exception {
    try (GatewayFixture mortal = GatewayFixture.with().lifecycle().start()) {
      HttpResponse<String> response = mortal.send(method, "/-/quit", "");
      assertEquals(200, response.statusCode());
      assertEquals("Requesting termination... Goodbye!", response.body());
      assertTrue(mortal.awaitQuit());
      assertEquals(405, mortal.get("/-/quit").statusCode());
      assertEquals(0, mortal.quits());
    }
  }

  @Test
  void saysOkIfHealthyAndReady() throws Exception {
    assertEquals("OK", gateway.get("/-/healthy").body());
    assertEquals("OK", gateway.get("/-/ready").body());
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    try (GatewayFixture ill = GatewayFixture.with().around(Unhealthy::new).start()) {
      HttpResponse<String> response = ill.get("/-/healthy");
      assertEquals(500, response.statusCode());
      assertEquals("the disk is full\n", response.body());
      assertEquals(200, ill.get("/-/ready").statusCode());
      assertEquals(200, ill.send("PUT", "/metrics/job/x", "x 1\n").statusCode());
    }
  }

  private record Unhealthy(Backend backend) implements Backend {
    @Override
    public Optional<MetricStore> store() {
      return backend.store();
    }

    @Override
    public Optional<String> notReadyReason() {
      return Optional.empty();
    }

    @Override
    public Optional<String> unhealthyReason() {
      return Optional.of("the disk is full");
    }
  }

  private record Broken(Backend backend) implements Backend {
    @Override
    public Optional<MetricStore> store() {
      throw new IllegalStateException("secret/path/Store.java");
    }

    @Override
    public Optional<String> notReadyReason() {
      return Optional.empty();
    }

    @Override
    public Optional<String> unhealthyReason() {
      return Optional.empty();
    }
  }

  @Test
  void keepsOurMistakesToOurselves() throws Exception {
    try (GatewayFixture broken = GatewayFixture.with().around(Broken::new).start()) {
      HttpResponse<String> response = broken.send("PUT", "/metrics/job/x", "x 1\n");
      assertEquals(500, response.statusCode());
      assertEquals("internal error; see the gateway's log\n", response.body());
      HttpResponse<String> api = broken.get("/api/v1/metrics");
      assertEquals(500, api.statusCode());
      assertEquals("*", api.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    }
  }

  @Test
  void deletesAndWipes() throws Exception {
    gateway.send("PUT", "/metrics/job/gone/a/1", "gone 1\n");
    gateway.send("PUT", "/metrics/job/gone/a/2", "gone 2\n");
    HttpResponse<String> deleted = gateway.send("DELETE", "/metrics/job/gone/a/1", "gone x\n");
    assertEquals(202, deleted.statusCode());
    assertEquals("", deleted.body());
    assertEquals("gone{a=\"2\",instance=\"\",job=\"gone\"} 2\n", gateway.scraped("gone"));
    assertEquals(202, gateway.send("DELETE", "/metrics/job/gone", "").statusCode());
    HttpResponse<String> wiped = gateway.send("PUT", "/api/v1/admin/wipe", "");
    assertEquals(202, wiped.statusCode());
    assertEquals("", wiped.body());
    assertEquals(0, gateway.store().totals().groups());
    assertEquals(202, gateway.send("PUT", "/api/v1/admin/wipe", "").statusCode());
  }

  @Test
  void hasNoWipeUnlessEnabled() throws Exception {
    try (GatewayFixture plain = GatewayFixture.start()) {
      plain.send("PUT", "/metrics/job/stays", "stays 1\n");
      assertEquals(404, plain.send("PUT", "/api/v1/admin/wipe", "").statusCode());
      assertEquals(200, plain.send("OPTIONS", "/api/v1/admin/wipe", "").statusCode());
      assertEquals(1, plain.store().totals().groups());
    }
  }

  @Test
  void livesUnderPrefixAndContext() throws Exception {
    try (GatewayFixture below =
        GatewayFixture.with()
            .contextPath("/ctx")
            .routePrefix("/a/b")
            .telemetryPath("/own/metrics")
            .start()) {
      String root = "/ctx/a/b";
      assertEquals(
          200, below.send("PUT", root + "/metrics/job/x/p/a%2Fb%2Fc", "x 1\n").statusCode());
      assertEquals(200, below.send("PUT", "/%63tx/a/b/metrics/job/y", "y 1\n").statusCode());
      assertTrue(below.get(root + "/own/metrics").body().contains("x{instance=\"\",job=\"x\",p="));
      assertEquals(404, below.get(root + "/metrics").statusCode());
      assertEquals(404, below.get("/ctx/metrics").statusCode());
      assertEquals(404, below.get("/ctx/a/bmetrics").statusCode());
      assertEquals(200, below.get(root).statusCode());
      assertEquals(200, below.get(root + "/").statusCode());
      assertEquals(404, below.get("/ctx/").statusCode());
      assertEquals(200, below.get(root + "/-/ready").statusCode());
      assertEquals(200, below.get(root + "/api/v1/metrics").statusCode());
      HttpResponse<String> outside = below.get("/ctx/api/v1/metrics");
      assertEquals(404, outside.statusCode());
      assertFalse(outside.headers().firstValue("Access-Control-Allow-Origin").isPresent());
      assertEquals(404, below.send("POST", root + "/own/metrics/job/x", "x 1\n").statusCode());
    }
  }
}
