package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.Push;
import dev.pushgateway.store.StoreTesting;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_36_2.Metrics;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServletTest {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

  private final ObjectMapper json = new ObjectMapper();
  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = GatewayFixture.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> response = gateway.get(path);
    assertEquals(200, response.statusCode());
    assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
    return json.readTree(response.body());
  }

  private String data() throws Exception {
    return get("/api/v1/metrics").get("data").toString();
  }

  @Test
  void listsNothing() throws Exception {
    assertEquals("{\"status\":\"success\",\"data\":[]}", gateway.get("/api/v1/metrics").body());
  }

  @Test
  void listsGroups() throws Exception {
    gateway.send("PUT", "/metrics/job/b/zone/z", "# HELP m H.\n# TYPE m gauge\nm{l=\"v\"} 1.5\n");
    gateway.send("PUT", "/metrics/job/a", "n x\n");
    gateway.send("PUT", "/metrics/job/a", "n 1 1000\n");
    String gauge =
        "{'time_stamp':'2026-11-22T12:00:00.500Z','type':'GAUGE','help':'Last Unix time when"
            + " changing this group in the Pushgateway %s.','metrics':[{'labels':{%s},'value':'%s'}]}";
    String labelsOfA = "'instance':'','job':'a'";
    String labelsOfB = "'instance':'','job':'b','zone':'z'";
    String expected =
        "[{'labels':{'job':'a'},'last_push_successful':false,'push_failure_time_seconds':"
            + String.format(gauge, "failed", labelsOfA, "1.7953488005e+09")
            + ",'push_time_seconds':"
            + String.format(gauge, "succeeded", labelsOfA, "0")
            + "},{'labels':{'job':'b','zone':'z'},'last_push_successful':true,"
            + "'m':{'time_stamp':'2026-11-22T12:00:00.500Z','type':'GAUGE','help':'H.','metrics':"
            + "[{'labels':{'instance':'','job':'b','l':'v','zone':'z'},'value':'1.5'}]},"
            + "'push_failure_time_seconds':"
            + String.format(gauge, "failed", labelsOfB, "0")
            + ",'push_time_seconds':"
            + String.format(gauge, "succeeded", labelsOfB, "1.7953488005e+09")
            + "}]";
    assertEquals(expected.replace('\'', '"'), data());
  }

  @Test
  void writesEveryTypeOfText() throws Exception {
    gateway.send(
        "PUT",
        "/metrics/job/t",
        """
        u NaN
        # TYPE c counter
        c 1e300
        # TYPE g gauge
        g -Inf
        # TYPE s summary
        s{quantile="0.5"} 1
        s{quantile="0.99"} NaN
        s_sum 2.5
        s_count 3
        # TYPE h histogram
        h_bucket{le="0.5"} 1
        h_bucket{le="+Inf"} 2
        h_sum 3
        h_count 2
        """);
    JsonNode group = get("/api/v1/metrics").get("data").get(0);
    String labels = "{'labels':{'instance':'','job':'t'},";
    assertMetric("UNTYPED", labels + "'value':'NaN'}", group.get("u"));
    assertMetric("COUNTER", labels + "'value':'1e+300'}", group.get("c"));
    assertMetric("GAUGE", labels + "'value':'-Inf'}", group.get("g"));
    assertMetric(
        "SUMMARY",
        labels + "'count':'3','quantiles':{'0.5':'1','0.99':'NaN'},'sum':'2.5'}",
        group.get("s"));
    assertMetric(
        "HISTOGRAM",
        labels + "'buckets':{'0.5':'1','+Inf':'2'},'count':'2','sum':'3'}",
        group.get("h"));
    assertFalse(group.get("u").has("help"));
  }

  private static void assertMetric(String type, String metric, JsonNode family) {
    assertEquals(type, family.get("type").asText());
    assertEquals("[" + metric.replace('\'', '"') + "]", family.get("metrics").toString());
  }

  @Test
  void writesNativeAndFloatHistograms() throws Exception {
    Metrics.Histogram whole =
        Metrics.Histogram.newBuilder()
            .setSampleCount(6)
            .setSampleSum(18.5)
            .setSchema(0)
            .setZeroThreshold(0.001)
            .setZeroCount(1)
            .addPositiveSpan(Metrics.BucketSpan.newBuilder().setOffset(0).setLength(2))
            .addPositiveDelta(2)
            .addPositiveDelta(1)
            .build();
    Metrics.Histogram floats =
        Metrics.Histogram.newBuilder()
            .setSampleCountFloat(2.5)
            .setSampleSum(1)
            .addBucket(Metrics.Bucket.newBuilder().setUpperBound(1).setCumulativeCountFloat(1.5))
            .addBucket(Metrics.Bucket.newBuilder().setUpperBound(1).setCumulativeCountFloat(2.5))
            .build();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    family("n", whole).writeDelimitedTo(body);
    family("f", floats).writeDelimitedTo(body);
    HttpResponse<String> response =
        gateway.send("PUT", "/metrics/job/t", body.toByteArray(), "Content-Type", PROTOBUF);
    assertEquals(200, response.statusCode(), response.body());
    JsonNode group = get("/api/v1/metrics").get("data").get(0);
    String labels = "{'labels':{'instance':'','job':'t'},";
    assertMetric(
        "HISTOGRAM",
        labels
            + "'buckets':[[3,'-0.001','0.001','1'],[0,'0.5','1','2'],[0,'1','2','3']],"
            + "'count':'6','sum':'18.5'}",
        group.get("n"));
    assertMetric(
        "HISTOGRAM", labels + "'buckets':{'1':'2.5'},'count':'2.5','sum':'1'}", group.get("f"));
  }

  private static Metrics.MetricFamily family(String name, Metrics.Histogram histogram) {
    return Metrics.MetricFamily.newBuilder()
        .setName(name)
        .setType(Metrics.MetricType.HISTOGRAM)
        .addMetric(Metrics.Metric.newBuilder().setHistogram(histogram))
        .build();
  }

  /** With one set of label names in a family, and with several, which are written otherwise. */
  @ParameterizedTest
  @ValueSource(strings = {"m{x=\"1\"} 1", "m{x=\"1\",y=\"2\"} 1"})
  void labelsComeBackWhateverIsInThem(String other) throws Exception {
    StringBuilder controls = new StringBuilder();
    for (char c = 1; c <= 0x20; c++) {
      controls.append(c);
    }
    for (String value :
        List.of("", "plain", "\"", "\\", "\n", "\\n", "\t", "é😀\u007f", "" + controls)) {
      String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      String body = "m{x=\"z" + escaped + "\"} 1.5e-7\n" + other + "\n";
      HttpResponse<String> response = gateway.send("PUT", "/metrics/job/t", body);
      assertEquals(200, response.statusCode(), response.body());
      JsonNode metrics = get("/api/v1/metrics").get("data").get(0).get("m").get("metrics");
      assertEquals(2, metrics.size());
      boolean isFirst = metrics.get(0).get("labels").get("x").asText().startsWith("z");
      JsonNode metric = metrics.get(isFirst ? 0 : 1);
      assertEquals("z" + value, metric.get("labels").get("x").asText());
      assertEquals("t", metric.get("labels").get("job").asText());
      assertEquals(3, metric.get("labels").size());
      assertEquals("1.5e-07", metric.get("value").asText());
    }
  }

  @Test
  void staysValidWhateverIsPushed() throws Exception {
    gateway.send(
        "PUT",
        "/metrics/job/x/q/%22%3C%3E%26%5C%0A",
        "# HELP m <b>\"\\\\&</b>\nm{l=\"</script>\\n😀\"} 1\nlabels 1\nlast_push_successful 2\n");
    String body = gateway.get("/api/v1/metrics").body();
    JsonNode group = json.readTree(body).get("data").get(0);
    assertEquals("<b>\"\\&</b>", group.get("m").get("help").asText());
    JsonNode labels = group.get("m").get("metrics").get(0).get("labels");
    assertEquals("</script>\n😀", labels.get("l").asText());
    assertEquals("\"<>&\\\n", labels.get("q").asText());
    assertEquals("UNTYPED", group.get("labels").get("type").asText(), "as in Go");
    assertEquals(1, body.split("\"labels\":\\{\"time_stamp\"", -1).length - 1);
  }

  @Test
  void statusNamesGroupsThatAreSetAside() throws Exception {
    assertFalse(get("/api/v1/status").get("data").has("set_aside"));
    MetricStore store = gateway.store();
    store.apply(pushed(StoreTesting.key("live"), MetricType.COUNTER));
    store.apply(pushed(StoreTesting.key("old", "zone", "a/b"), MetricType.GAUGE));
    JsonNode data = get("/api/v1/status").get("data");
    assertEquals(1, data.get("set_aside_count").asInt());
    assertEquals(
        "[{\"labels\":{\"job\":\"old\",\"zone\":\"a/b\"},"
            + "\"path\":\"metrics/job/old/zone@base64/YS9i\",\"families\":[\"f\"]}]",
        data.get("set_aside").toString());
    String path = data.get("set_aside").get(0).get("path").asText();
    assertEquals(202, gateway.send("DELETE", "/" + path, "").statusCode());
    assertFalse(get("/api/v1/status").get("data").has("set_aside"));
  }

  private static Change.Pushed pushed(GroupingKey key, MetricType type) {
    String text = "# TYPE f " + type.words() + "\nf 1\n";
    Push push = StoreTesting.put(key, 1, text);
    return new Change.Pushed(key, true, 1, List.copyOf(push.exposition().families()));
  }

  @Test
  void showsStatus() throws Exception {
    JsonNode data = get("/api/v1/status").get("data");
    assertEquals(GatewayFixture.NOW, Instant.parse(data.get("start_time").asText()));
    assertEquals("/metrics", data.get("flags").get("web.telemetry-path").asText());
    assertEquals("[\"web.enable-admin-api\"]", data.get("changed_flags").toString());
    assertEquals("1.2.3", data.get("build_information").get("version").asText());
    assertEquals("java17", data.get("build_information").get("goVersion").asText());
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "GET, /api/v1/status",
    "GET, /api/v1/metrics",
    "HEAD, /api/v1/metrics",
    "OPTIONS, /api/v1/metrics",
    "OPTIONS, /api/v1/any/thing",
    "GET, /api/v1/nope",
    "POST, /api/v1/status",
  })
  void letsScriptsReadIt(String method, String path) throws Exception {
    HttpResponse<String> response = gateway.send(method, path, "");
    assertEquals(
        "Accept, Authorization, Content-Type, Origin",
        response.headers().firstValue("Access-Control-Allow-Headers").orElse(""));
    assertEquals(
        "GET, POST, DELETE, OPTIONS",
        response.headers().firstValue("Access-Control-Allow-Methods").orElse(""));
    assertEquals("*", response.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    assertEquals("Date", response.headers().firstValue("Access-Control-Expose-Headers").orElse(""));
    assertEquals(
        "no-cache, no-store, must-revalidate",
        response.headers().firstValue("Cache-Control").orElse(""));
  }

  @Test
  void countsItsRequests() throws Exception {
    gateway.get("/api/v1/status");
    gateway.send("OPTIONS", "/api/v1/x", "");
    gateway.get("/api/v1/x");
    gateway.send("POST", "/api/v1/status", "");
    gateway.get("/status");
    gateway.send("HEAD", "/-/ready", "");
    gateway.send("PUT", "/metrics/job/x/odd", "");
    gateway.send("DELETE", "/metrics/job/x", "");
    String counts =
        """
        pushgateway_http_requests_total{code="200",handler="api/v1/options",method="options"} 1
        pushgateway_http_requests_total{code="200",handler="api/v1/status",method="get"} 1
        pushgateway_http_requests_total{code="200",handler="ready",method="head"} 1
        pushgateway_http_requests_total{code="200",handler="status",method="get"} 1
        pushgateway_http_requests_total{code="202",handler="delete",method="delete"} 1
        pushgateway_http_requests_total{code="400",handler="push",method="put"} 1
        """;
    assertEquals(counts, gateway.scraped("pushgateway_http_requests_total"));
    assertTrue(
        gateway.scraped("pushgateway_http_push_size_bytes_sum").endsWith("} 29\n"),
        "PUT, path and HTTP/1.1");
  }

  /** Of what it has begun, a client must not think that it is all. */
  @Test
  void answersManyGroups() throws Exception {
    for (int i = 0; i < 500; i++) {
      gateway.send("PUT", "/metrics/job/j/i/" + i, "m{x=\"" + "x".repeat(200) + "\"} 1\n");
    }
    HttpResponse<String> response = gateway.get("/api/v1/metrics");
    assertEquals("chunked", response.headers().firstValue("Transfer-Encoding").orElse(""));
    assertEquals(500, json.readTree(response.body()).get("data").size());
  }
}
