package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings that take longer than {@code --web.query-timeout} (issue 20). */
class QueryTimeoutServletTest {
  private static final String SENTENCE =
      "the query took longer than 0.000000001 s (--web.query-timeout)";

  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = GatewayFixture.with().queryTimeout(Duration.ofNanos(1)).start();
    for (int i = 0; i < 100; i++) {
      gateway.send("PUT", "/metrics/job/j" + i, "m 1\n");
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void push(int series, int labelLength) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < series; i++) {
      text.append("big{l=\"").append(i).append("a".repeat(labelLength)).append("\"} 1\n");
    }
    assertEquals(200, gateway.send("PUT", "/metrics/job/a", text.toString()).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?job=a",
        "?search=nothing",
        "?search=%C3%BC",
        "?metric=nothing",
        "?match[]=big%7Bl=~%22.*b%22%7D",
        "?match[]=%7Bl!=%22%22%7D",
        "?sort=series&failing=true",
        "?count=true&limit=1&failing=true",
        "?group=metrics/job/nothing",
      })
  void listingIsA503InJson(String query) throws Exception {
    push(100, 10);
    HttpResponse<String> response = gateway.get("/api/v1/metrics" + query);
    assertEquals(503, response.statusCode(), response.body());
    assertEquals(
        "{\"status\":\"error\",\"errorType\":\"unavailable\",\"error\":\"" + SENTENCE + "\"}",
        response.body());
    assertEquals("5", response.headers().firstValue("Retry-After").orElse(""));
    assertEquals("*", response.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    assertEquals("nosniff", response.headers().firstValue("X-Content-Type-Options").orElse(""));
  }

  @Test
  void compressedListingIsA503ThatIsNotCompressed() throws Exception {
    HttpResponse<String> response = gateway.get("/api/v1/metrics", "Accept-Encoding", "gzip");
    assertEquals(503, response.statusCode());
    assertTrue(response.headers().firstValue("Content-Encoding").isEmpty());
    assertTrue(response.body().contains(SENTENCE), response.body());
  }

  /** A client must not take a part of the listing for all of it. */
  @Test
  void listingThatHasBegunIsCutOff() throws Exception {
    push(200, 5_000);
    String response = gateway.raw("GET /api/v1/metrics?job=a HTTP/1.1");
    assertTrue(response.startsWith("HTTP/1.1 200 "), response.substring(0, 100));
    assertFalse(response.contains("Content-Length"), response.substring(0, 1_000));
    assertTrue(response.length() > 32 << 10, String.valueOf(response.length()));
    assertFalse(response.endsWith("\r\n0\r\n\r\n"), "complete");
  }

  @Test
  void pageIsA503() throws Exception {
    HttpResponse<String> response = gateway.get("/");
    assertEquals(503, response.statusCode());
    assertEquals(SENTENCE + "\n", response.body());
    assertEquals("5", response.headers().firstValue("Retry-After").orElse(""));
  }

  @Test
  void shortListingsAndScrapesEndBefore() throws Exception {
    assertEquals(200, gateway.get("/api/v1/metrics?limit=1").statusCode());
    assertEquals(200, gateway.get("/metrics").statusCode());
  }
}
