package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeServletTest {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=";

  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = GatewayFixture.start();
    gateway.send("PUT", "/metrics/job/b", "# HELP m Some help.\n# TYPE m counter\nm{l=\"ä\"} 1\n");
    gateway.send("PUT", "/metrics/job/a", "# TYPE m counter\nm 2\n");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static byte[] gunzip(byte[] bytes) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
  }

  @Test
  void writesTextByDefault() throws Exception {
    HttpResponse<String> response = gateway.get("/metrics?name[]=m");
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
        header(response, "Content-Type"));
    assertEquals("", header(response, "Content-Encoding"));
    assertEquals("nosniff", header(response, "X-Content-Type-Options"));
    assertEquals("", header(response, "Access-Control-Allow-Origin"));
    assertEquals(
        """
        # HELP m Some help.
        # TYPE m counter
        m{instance="",job="a"} 2
        m{instance="",job="b",l="ä"} 1
        """,
        response.body());
    assertEquals(
        response.body().getBytes(StandardCharsets.UTF_8).length,
        Integer.parseInt(header(response, "Content-Length")));
  }

  @Test
  void filtersByName() throws Exception {
    String body = gateway.get("/metrics?name%5B%5D=m&name[]=push_time_seconds&x=y").body();
    assertTrue(body.contains("\nm{") && body.contains("push_time_seconds{"), body);
    assertFalse(body.contains("push_failure_time_seconds"), body);
    assertEquals("", gateway.get("/metrics?name[]=none").body());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"delimited, false", "text, false", "compact-text, false", "delimited, true"})
  void writesProtobuf(String encoding, boolean gzip) throws Exception {
    HttpResponse<byte[]> response =
        gzip
            ? gateway.getBytes(
                "/metrics?name[]=m", "Accept", PROTOBUF + encoding, "Accept-Encoding", "gzip")
            : gateway.getBytes("/metrics?name[]=m", "Accept", PROTOBUF + encoding);
    assertEquals(
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding="
            + encoding
            + "; escaping=underscores",
        header(response, "Content-Type"));
    byte[] body = gzip ? gunzip(response.body()) : response.body();
    String text = new String(body, StandardCharsets.UTF_8);
    assertTrue(text.contains("Some help."), text);
    if (encoding.equals("delimited")) {
      assertEquals(body[0] + 1, body.length, "one message with its length");
    }
  }

  @Test
  void compressesIfAsked() throws Exception {
    byte[] plain = gateway.getBytes("/metrics?name[]=m").body();
    HttpResponse<byte[]> response =
        gateway.getBytes("/metrics?name[]=m", "Accept-Encoding", "gzip");
    assertEquals("gzip", header(response, "Content-Encoding"));
    assertArrayEquals(plain, gunzip(response.body()));
    assertEquals("", header(gateway.get("/metrics", "Accept-Encoding", "br"), "Content-Encoding"));
  }

  @Test
  void answersHeadWithoutBody() throws Exception {
    HttpResponse<String> response = gateway.send("HEAD", "/metrics", "", "Accept-Encoding", "gzip");
    assertEquals(200, response.statusCode());
    assertEquals("", response.body());
    assertEquals("gzip", header(response, "Content-Encoding"));
    assertTrue(header(response, "Content-Type").startsWith("text/plain"));
    assertEquals(Optional.empty(), response.headers().firstValue("Content-Length"));
  }

  @Test
  void exposesOwnMetricsInGoSpelling() throws Exception {
    String body = gateway.get("/metrics").body();
    assertTrue(
        body.contains(
            "pushgateway_http_requests_total{code=\"200\",handler=\"push\",method=\"put\"} 2\n"),
        body);
    assertTrue(body.contains("# TYPE pushgateway_build_info gauge\n"), body);
    assertTrue(body.contains("pushgateway_http_push_duration_seconds_count{method=\"put\"} 2\n"));
    assertTrue(body.contains("# TYPE process_cpu_seconds_total counter\n"), body);
    assertFalse(body.contains("handler=\"metrics\""), "scrapes are not counted");
  }

  /** Pushed with another type, ours gives way; with the same, both are one family. */
  @Test
  void letsUsersHaveFamiliesOfOurs() throws Exception {
    try (GatewayFixture own = GatewayFixture.start()) {
      assertTrue(own.scraped("process_open_fds").startsWith("process_open_fds "));
      own.send("PUT", "/metrics/job/x", "# TYPE process_open_fds counter\nprocess_open_fds 7\n");
      assertEquals(
          "process_open_fds{instance=\"\",job=\"x\"} 7\n", own.scraped("process_open_fds"));
      own.send(
          "PUT",
          "/metrics/job/x",
          "# HELP process_open_fds Mine.\n# TYPE process_open_fds gauge\nprocess_open_fds 8\n");
      String[] both = own.scraped("process_open_fds").split("\n");
      assertEquals(2, both.length);
      assertEquals("process_open_fds{instance=\"\",job=\"x\"} 8", both[1]);
      assertEquals("# HELP process_open_fds Mine.\n", own.scraped("# HELP process_open_fds"));
      assertTrue(own.scraped("# TYPE process_open_fds").endsWith(" gauge\n"));
      own.send("PUT", "/metrics/job/x", "# TYPE process_open_fds gauge\nprocess_open_fds 8\n");
      assertTrue(own.scraped("# HELP process_open_fds").contains("file descriptors"));
      own.send("DELETE", "/metrics/job/x", "");
      assertEquals(1, own.scraped("process_open_fds").split("\n").length);
    }
  }

  @Test
  void refusesPushesThatTakeOurOwnFamilies() throws Exception {
    HttpResponse<String> response =
        gateway.send(
            "PUT",
            "/metrics/job/x",
            "# TYPE pushgateway_http_push_size_bytes gauge\npushgateway_http_push_size_bytes 7\n");
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("pushgateway_http_push_size_bytes"), response.body());
  }

  @Test
  void answers500IfWhatWasPushedUncheckedCannotBeExposed() throws Exception {
    try (GatewayFixture unchecked = GatewayFixture.with().unchecked().start()) {
      unchecked.send("PUT", "/metrics/job/x", "# TYPE u counter\nu 1\n");
      unchecked.send("PUT", "/metrics/job/y", "# TYPE u gauge\nu 1\n");
      HttpResponse<String> response = unchecked.get("/metrics", "Accept-Encoding", "gzip");
      assertEquals(500, response.statusCode());
      assertTrue(
          response.body().startsWith("An error has occurred while serving metrics:\n\n"),
          response.body());
      assertEquals("", header(response, "Content-Encoding"));
      assertEquals("text/plain;charset=utf-8", header(response, "Content-Type").replace(" ", ""));
      unchecked.send("DELETE", "/metrics/job/y", "");
      assertEquals(200, unchecked.get("/metrics").statusCode());
    }
  }
}
