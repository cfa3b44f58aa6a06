package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.store.StoreTesting;
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
  void isHtmlThatRunsNothingButItsOwnFiles() throws Exception {
    for (String path : new String[] {"/", "/status"}) {
      HttpResponse<String> response = gateway.get(path);
      assertEquals(200, response.statusCode());
      assertEquals(
          "text/html;charset=utf-8",
          response.headers().firstValue("Content-Type").orElse("").replace(" ", ""));
      String policy = response.headers().firstValue("Content-Security-Policy").orElse("");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
      assertFalse(policy.contains("unsafe"), policy);
      assertFalse(response.body().contains("{{"), response.body());
    }
  }

  @Test
  void showsGroupsWithoutScripts() throws Exception {
    gateway.send(
        "PUT",
        "/metrics/job/some_job/zone/some_zone",
        "# HELP m Shown.\n# TYPE m gauge\nm{l=\"some_value\"} 4711\n# TYPE s summary\ns_count 3\n");
    gateway.send("PUT", "/metrics/job/failing", "m 1 1\n");
    String page = gateway.get("/").body();
    for (String part :
        new String[] {
          "job=&quot;some_job&quot;",
          "some_zone",
          "Shown.",
          "some_value",
          "4711",
          "s_count",
          "last push failed at 2026-11-22T12:00:00.500Z",
          "never pushed"
        }) {
      assertTrue(page.contains(part), part);
    }
    assertEquals(1, page.split("last push failed", -1).length - 1);
  }

  @Test
  void makesNothingPushedMarkup() throws Exception {
    String before = gateway.get("/").body();
    gateway.send(
        "PUT",
        "/metrics/job/%3Cimg%20src=x%20onerror=alert(1)%3E/x/'%22%3E%26amp;",
        "# HELP m </noscript><script>alert(2)</script>{{root}}\n"
            + "m{l=\"</pre></noscript><script>alert(3)</script>\"} 1\n");
    String page = gateway.get("/").body();
    for (String markup : new String[] {"<img", "<script", "</noscript"}) {
      assertEquals(count(before, markup), count(page, markup), markup);
    }
    assertTrue(page.contains("x=&quot;&#39;&quot;&gt;&amp;amp;&quot;"), page);
    assertTrue(page.contains("&lt;script&gt;alert(2)&lt;/script&gt;{{root}}"), page);
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  @Test
  void isBounded() throws Exception {
    gateway.send("PUT", "/metrics/job/a", "# HELP m " + "h".repeat(1_000_000) + "\nm 1\n");
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      many.append("n{i=\"").append(i).append("\"} 1\n");
    }
    gateway.send("PUT", "/metrics/job/b", many.toString());
    for (int i = 0; i < 100; i++) {
      gateway.send("PUT", "/metrics/job/c/i/" + i, "");
    }
    String page = gateway.get("/").body();
    assertTrue(page.contains("The 50 groups pushed last, of 102:"), page);
    assertTrue(page.contains("10 more metrics are not shown."), page);
    assertTrue(page.length() < 200_000, page.length() + " characters");
  }

  @Test
  void showsTheGroupsPushedLast() throws Exception {
    for (int i = 0; i < 60; i++) {
      StoreTesting.push(
          gateway.store(), StoreTesting.put(StoreTesting.key("job" + i), 1_000L + i, "m 1\n"));
    }
    String page = gateway.get("/").body();
    assertTrue(page.indexOf("job59&quot;") > 0);
    assertTrue(page.indexOf("job59&quot;") < page.indexOf("job10&quot;"));
    assertFalse(page.contains("job9&quot;"), page);
  }

  @Test
  void saysWhenTheGatewayIsNotReady() throws Exception {
    try (GatewayFixture starting = GatewayFixture.with().around(NotReady::new).start()) {
      HttpResponse<String> response = starting.get("/");
      assertEquals(200, response.statusCode());
      assertTrue(response.body().contains("The gateway is not ready: "), response.body());
      HttpResponse<String> listing = starting.get("/api/v1/metrics");
      assertEquals(503, listing.statusCode());
      assertTrue(listing.body().contains("\"errorType\":\"unavailable\""), listing.body());
      assertTrue(listing.headers().firstValue("Retry-After").isPresent());
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      /    | ''      | ''   | /                    | .
      /    | ''      | ''   | /status              | .
      /    | ''      | ''   | /status/             | ..
      /    | /a/b    | ''   | /a/b                 | ./b
      /    | /a/b    | ''   | /a/b/                | .
      /    | /a/b    | ''   | /a/b/status          | .
      /    | /a/b    | ''   | /a/b/status/         | ..
      /    | /status | ''   | /status              | ./status
      /    | /status | ''   | /status/             | .
      /    | /status | ''   | /status/status       | .
      /c   | ''      | ''   | /c/                  | .
      /c   | ''      | ''   | /c/status            | .
      /c   | /p      | ''   | /c/p                 | ./p
      /    | ''      | /ext | /                    | /ext
      """)
  void knowsWhereItsRootIs(
      String context, String routePrefix, String external, String path, String root)
      throws Exception {
    try (GatewayFixture moved =
        GatewayFixture.with()
            .contextPath(context)
            .routePrefix(routePrefix)
            .externalPathPrefix(external)
            .telemetryPath("/scr<ape")
            .start()) {
      String page = moved.get(path).body();
      assertTrue(page.contains("<base href=\"" + root + "/\">"), page);
      assertTrue(page.contains("<a href=\"scr&lt;ape\">Raw scrape</a>"), page);
    }
  }
}
