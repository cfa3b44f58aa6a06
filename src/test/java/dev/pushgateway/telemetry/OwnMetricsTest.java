package dev.pushgateway.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OwnMetricsTest {
  private long nanoTime = 5_000_000;
  private final OwnMetrics metrics =
      new OwnMetrics(
          Map.of("version", "1.2.3", "revision", "abc", "goVersion", "17"), () -> nanoTime);

  private String lines(String start) {
    return lines(metrics.scrape(), start);
  }

  private static String lines(byte[] scrape, String start) {
    return new String(scrape, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(start))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void exposeBuild() {
    String lines = lines("pushgateway_build_info");
    assertTrue(lines.contains("# TYPE pushgateway_build_info gauge"), lines);
    assertTrue(lines.contains("revision=\"abc\""), lines);
    assertTrue(lines.contains("version=\"1.2.3\"} 1"), lines);
  }

  @Test
  void countRequests() {
    metrics.countRequest("push", 200, "PUT");
    metrics.countRequest("push", 200, "PUT");
    metrics.countRequest("api/v1/status", 200, "HEAD");
    metrics.countRequest("push", 400, "FROB");
    assertEquals(
        """
        # HELP pushgateway_http_requests_total Total HTTP requests processed by the Pushgateway, excluding scrapes.
        # TYPE pushgateway_http_requests_total counter
        pushgateway_http_requests_total{code="200",handler="api/v1/status",method="head"} 1.0
        pushgateway_http_requests_total{code="200",handler="push",method="put"} 2.0
        pushgateway_http_requests_total{code="400",handler="push",method="unknown"} 1.0""",
        lines("pushgateway_http_requests_total")
            .lines()
            .sorted()
            .collect(Collectors.joining("\n")));
  }

  @Test
  void summarisePushes() {
    metrics.observePush("PUT", 50, 1_000_000);
    metrics.observePush("POST", 10, 4_000_000);
    metrics.observePush("PUT", 60, 1_000_000);
    assertEquals(
        """
        # HELP pushgateway_http_push_size_bytes HTTP request size for pushes to the Pushgateway.
        # TYPE pushgateway_http_push_size_bytes summary
        pushgateway_http_push_size_bytes{method="post",quantile="0.1"} 10.0
        pushgateway_http_push_size_bytes{method="post",quantile="0.5"} 10.0
        pushgateway_http_push_size_bytes{method="post",quantile="0.9"} 10.0
        pushgateway_http_push_size_bytes_count{method="post"} 1
        pushgateway_http_push_size_bytes_sum{method="post"} 10.0
        pushgateway_http_push_size_bytes{method="put",quantile="0.1"} 50.0
        pushgateway_http_push_size_bytes{method="put",quantile="0.5"} 50.0
        pushgateway_http_push_size_bytes{method="put",quantile="0.9"} 60.0
        pushgateway_http_push_size_bytes_count{method="put"} 2
        pushgateway_http_push_size_bytes_sum{method="put"} 110.0""",
        lines("push_size"));
    String duration = lines("push_duration");
    assertTrue(
        duration.contains("pushgateway_http_push_duration_seconds_count{method=\"put\"} 2"),
        duration);
    assertTrue(
        duration.contains("pushgateway_http_push_duration_seconds_sum{method=\"put\"} 0.008"),
        duration);
    assertTrue(
        duration.contains(
            "HELP pushgateway_http_push_duration_seconds HTTP request duration for"
                + " pushes to the Pushgateway."),
        duration);
  }

  @Test
  void exposeJvmAndProcess() {
    byte[] scrape = metrics.scrapeJvm();
    assertTrue(lines(scrape, "jvm_threads_current").contains("gauge"));
    assertTrue(lines(scrape, "process_cpu_seconds_total").contains("counter"));
    assertTrue(lines(scrape, "jvm_memory_used_bytes").contains("heap"));
    assertSame(scrape, metrics.scrapeJvm());
  }

  @Test
  void collectJvmOnceASecond() {
    nanoTime = Long.MAX_VALUE; // Which is no reason to stand still.
    byte[] first = metrics.scrapeJvm();
    nanoTime += 1_000_000_000L;
    assertSame(first, metrics.scrapeJvm());
    nanoTime += 1;
    byte[] second = metrics.scrapeJvm();
    assertNotSame(first, second);
    assertSame(second, metrics.scrapeJvm());
  }

  @Test
  void shareNothingWithOthers() {
    metrics.countRequest("push", 200, "PUT");
    OwnMetrics others = new OwnMetrics(Map.of());
    String scrape = new String(others.scrape(), StandardCharsets.UTF_8);
    assertFalse(scrape.contains("handler=\"push\""), scrape);
  }
}
