package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPageServletTest {
  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = GatewayFixture.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void isHtmlThatRunsNothing() throws Exception {
    for (String path : new String[] {"/", "/status"}) {
      HttpResponse<String> response = gateway.get(path);
      assertEquals(200, response.statusCode());
      assertEquals(
          "text/html;charset=utf-8",
          response.headers().firstValue("Content-Type").orElse("").replace(" ", ""));
      assertTrue(
          response
              .headers()
              .firstValue("Content-Security-Policy")
              .orElse("")
              .startsWith("default-src 'none';"));
      assertFalse(response.body().contains("<script"));
    }
  }

  @Test
  void showsGroups() throws Exception {
    gateway.send(
        "PUT",
        "/metrics/job/some_job/zone/some_zone",
        "# HELP m Shown.\n# TYPE m gauge\nm{l=\"some_value\"} 4711\n# TYPE s summary\ns_count 3\n");
    gateway.send("PUT", "/metrics/job/failing", "m 1 1\n");
    String page = gateway.get("/").body();
    for (String part :
        new String[] {
          "2 groups", "job=&quot;some_job&quot;", "some_zone", "Shown.", "some_value", "4711",
          "s_count", "last push failed at 2026-11-22T12:00:00.500Z", "last pushed: never",
          "web.telemetry-path", "1.2.3"
        }) {
      assertTrue(page.contains(part), part);
    }
    assertEquals(1, page.split("last push failed", -1).length - 1);
  }

  @Test
  void makesNothingPushedMarkup() throws Exception {
    gateway.send(
        "PUT",
        "/metrics/job/%3Cimg%20src=x%20onerror=alert(1)%3E/x/'%22%3E%26amp;",
        "# HELP m <script>alert(2)</script>\nm{l=\"</code><script>alert(3)</script>\"} 1\n");
    String page = gateway.get("/").body();
    assertFalse(page.contains("<img") || page.contains("<script"), page);
    assertTrue(page.contains("x=&quot;&#39;&quot;&gt;&amp;amp;&quot;"), page);
    assertTrue(page.contains("&lt;script&gt;alert(2)&lt;/script&gt;"), page);
  }

  @Test
  void isBounded() throws Exception {
    gateway.send("PUT", "/metrics/job/a", "# HELP m " + "h".repeat(1_000_000) + "\nm 1\n");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      many.append("n{i=\"").append(i).append("\"} 1\n");
    }
    gateway.send("PUT", "/metrics/job/b", many.toString());
    for (int i = 0; i < 1_000; i++) {
      gateway.send("PUT", "/metrics/job/c/i/" + i, "");
    }
    String page = gateway.get("/").body();
    assertTrue(page.contains("1002 groups"));
    assertTrue(page.contains("Only the first 1000 are shown"));
    assertTrue(page.contains("10 more metrics are not shown."));
    assertTrue(page.length() < 2_000_000, page.length() + " characters");
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      ''   | ''   | /           | ./metrics
      ''   | ''   | /status     | ./metrics
      ''   | ''   | /status/    | ../metrics
      /a/b | ''   | /a/b        | ./b/metrics
      /a/b | ''   | /a/b/       | ./metrics
      /a/b | ''   | /a/b/status | ./metrics
      ''   | /ext | /           | /ext/metrics
      """)
  void linksToWhereItIs(String routePrefix, String external, String path, String link)
      throws Exception {
    try (GatewayFixture moved =
        GatewayFixture.with().routePrefix(routePrefix).externalPathPrefix(external).start()) {
      String page = moved.get(path).body();
      assertTrue(page.contains("<a href=\"" + link + "\">Metrics</a>"), page);
    }
  }
}
