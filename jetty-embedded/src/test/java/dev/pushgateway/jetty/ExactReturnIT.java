package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.protobuf.OfficialProtobuf;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever can be pushed is the same to the byte, in each format and in the listing, after the
 * shipped jar was ended, killed, or has rewritten its file.
 */
final class ExactReturnIT {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=";

  /** Bodies in text format, by what they hold. */
  private static final Map<String, String> TEXTS =
      Map.of(
          "numbers",
          """
          # HELP g A "gauge" with \\\\ and \\n.
          # TYPE g gauge
          g{of="nan"} NaN
          g{of="inf"} +Inf
          g{of="minus zero"} -0
          g{of="tiny"} 5e-324
          g{of="long"} 0.1000000000000000055511151231257827
          # TYPE c counter
          c 9007199254740993
          untyped_number 1
          """,
          "summary",
          """
          # TYPE s summary
          s{quantile="0.5"} NaN
          s{quantile="0.99"} 2.5
          s_sum -1
          s_count 7
          """,
          "histogram",
          """
          # HELP h Help.
          # TYPE h histogram
          h_bucket{le="0.1"} 1
          h_bucket{le="+Inf"} 3
          h_sum 4.5
          h_count 3
          """,
          "label values",
          "l{a=\"quote \\\" backslash \\\\ line \\n häuser 😀\",b=\"\"} 1\n",
          "UTF-8 names",
          "# TYPE \"größe.in bytes\" gauge\n{\"größe.in bytes\",\"a.b-c\"=\"x\"} 3\n",
          "empty",
          "");

  /** Families as protobuf text, by what they hold: what no text can carry. */
  private static final Map<String, String> MESSAGES =
      Map.of(
          "native histogram of integers",
          """
          name: "native" help: "N." type: HISTOGRAM unit: "seconds"
          metric { label { name: "a" value: "b" } histogram {
            sample_count: 12 sample_sum: 18.4 schema: 3 zero_threshold: 1e-128 zero_count: 2
            negative_span { offset: -2 length: 1 } negative_delta: 1
            positive_span { offset: 0 length: 2 } positive_span { offset: 3 length: 1 }
            positive_delta: 1 positive_delta: 2 positive_delta: -1
            created_timestamp { seconds: 1700000000 nanos: 7 }
            exemplars { label { name: "trace_id" value: "t1" } value: 0.5
              timestamp { seconds: 1700000001 nanos: 9 } } } }
          """,
          "native histogram of floats",
          """
          name: "native_float" type: HISTOGRAM
          metric { histogram { sample_count_float: 6.5 sample_sum: 1 schema: 0
            zero_threshold: 0.001 zero_count_float: 1.5
            negative_span { offset: 1 length: 1 } negative_count: 2.5
            positive_span { offset: 0 length: 1 } positive_count: 2.5 } }
          """,
          "native histogram with classic buckets",
          """
          name: "both" type: HISTOGRAM
          metric { histogram { sample_count: 3 sample_sum: 2 schema: 1
            zero_threshold: 0.5 positive_span { offset: 0 length: 1 } positive_delta: 3
            bucket { cumulative_count: 3 upper_bound: 1 exemplar {
              label { name: "trace_id" value: "t2" } value: 0.9 } } } }
          """,
          "native histogram without a bucket",
          """
          name: "no_buckets" type: HISTOGRAM
          metric { histogram { sample_count: 0 sample_sum: 0 schema: 3 zero_threshold: 0
            positive_span { offset: 0 length: 0 } } }
          """,
          "gauge histogram",
          """
          name: "gh" type: GAUGE_HISTOGRAM
          metric { histogram { sample_count: 2 sample_sum: -3
            bucket { cumulative_count: 1 upper_bound: 1 }
            bucket { cumulative_count: 2 upper_bound: inf } } }
          """,
          "native gauge histogram of floats",
          """
          name: "gh_float" type: GAUGE_HISTOGRAM
          metric { histogram { sample_count_float: 0.5 sample_sum: 1 schema: -4
            zero_threshold: 0 positive_span { offset: 0 length: 1 } positive_count: 0.5 } }
          """,
          "counter with exemplar",
          """
          name: "ex_total" type: COUNTER unit: "rows"
          metric { counter { value: 5 exemplar { label { name: "trace_id" value: "ü" } value: 2
            timestamp { seconds: 1700000002 } }
            created_timestamp { seconds: 1600000000 nanos: 1 } } }
          """,
          "summary with creation time",
          """
          name: "created_summary" type: SUMMARY
          metric { summary { sample_count: 1 sample_sum: 2 quantile { quantile: 0.5 value: 2 }
            created_timestamp { seconds: 1600000001 } } }
          """);

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void everythingComesBackToTheByte() throws Exception {
    Map<String, String> before;
    try (ServerProcess server = start()) {
      push(server);
      before = answers(server);
      server.terminate();
      assertEquals(0, server.awaitExit());
    }
    checkPushed(before);
    try (ServerProcess server = start()) {
      assertSame(before, answers(server), "after an end in order");
      changeAndChangeBack(server);
      before = answers(server);
    }
    Path file = folder.resolve("metrics");
    try (ServerProcess server = start()) {
      assertSame(before, answers(server), "after a kill");
      Files.delete(file); // So that it is written anew from memory, as a compaction does.
      while (!Files.exists(file)) {
        Thread.onSpinWait();
      }
    }
    try (ServerProcess server = start()) {
      assertSame(before, answers(server), "after the file was rewritten, and a kill");
    }
  }

  private ServerProcess start() throws Exception {
    ServerProcess server =
        ServerProcess.listening(
            "--persistence.file=" + folder.resolve("metrics"), "--push.enable-utf8-names");
    server.awaitReady();
    return server;
  }

  private void push(ServerProcess server) throws Exception {
    for (Map.Entry<String, String> text : TEXTS.entrySet()) {
      byte[] body = text.getValue().getBytes(StandardCharsets.UTF_8);
      assertEquals("200 ", send(server, "PUT", group(text.getKey()), body, "text/plain"));
    }
    for (Map.Entry<String, String> message : MESSAGES.entrySet()) {
      byte[] body =
          OfficialProtobuf.encode(List.of(OfficialProtobuf.decodeText(message.getValue())));
      assertEquals(
          "200 ", send(server, "POST", group(message.getKey()), body, PROTOBUF + "delimited"));
    }
    send(server, "PUT", group("deleted"), "a 1\n");
    send(server, "DELETE", group("deleted"), "");
    assertEquals("400", send(server, "PUT", group("empty"), "broken").substring(0, 3));
    assertEquals("400", send(server, "PUT", group("only failed"), "broken").substring(0, 3));
    send(server, "PUT", "/metrics/job@base64/YS9i/%C3%BC@base64/=/instance/i", "path 1\n");
  }

  /** Families of one group that were pushed at different times. */
  private void changeAndChangeBack(ServerProcess server) throws Exception {
    send(server, "PUT", group("times"), "first 1\nsecond 2\n");
    send(server, "POST", group("times"), "second 3\n");
    send(server, "POST", group("times"), "third 4\n");
  }

  private static String group(String name) {
    return "/metrics/job/" + name.replace(" ", "%20");
  }

  private String send(ServerProcess server, String method, String path, String body)
      throws Exception {
    return send(server, method, path, body.getBytes(StandardCharsets.UTF_8), "text/plain");
  }

  private String send(ServerProcess server, String method, String path, byte[] body, String type)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    var response = client.send(request, BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }

  /** What is answered to each way of asking, without what changes by itself. */
  private Map<String, String> answers(ServerProcess server) throws Exception {
    Map<String, String> answers = new LinkedHashMap<>();
    for (String escaping : List.of("allow-utf-8", "underscores", "dots", "values")) {
      String text = get(server, "/metrics", "text/plain;version=0.0.4;escaping=" + escaping);
      answers.put("plain, " + escaping, pushed(text, "(?=# HELP |# TYPE )"));
      for (String encoding : List.of("text", "compact-text")) {
        String messages = get(server, "/metrics", PROTOBUF + encoding + ";escaping=" + escaping);
        answers.put(encoding + ", " + escaping, pushed(messages, "(?m)(?=^name:)"));
      }
      String delimited = get(server, "/metrics", PROTOBUF + "delimited;escaping=" + escaping);
      answers.put("delimited, " + escaping, pushedMessages(delimited));
    }
    answers.put("JSON", get(server, "/api/v1/metrics", "*/*"));
    answers.put("groups", get(server, "/api/v1/metrics?fields=groups&sort=last_push", "*/*"));
    String status = get(server, "/api/v1/status", "*/*");
    answers.put("totals", status.replaceAll("(?s).*\"totals\":(\\{.*?\\}).*", "$1"));
    return answers;
  }

  /** As ISO 8859-1, in which each byte is a character. */
  private String get(ServerProcess server, String path, String accept) throws Exception {
    URI uri = server.uri(path);
    HttpRequest request = HttpRequest.newBuilder(uri).header("Accept", accept).build();
    return client.send(request, BodyHandlers.ofString(StandardCharsets.ISO_8859_1)).body();
  }

  /** The parts in which there is the label job, which the gateway's own metrics do not have. */
  private static String pushed(String scrape, String partsBeginAt) {
    return Pattern.compile(partsBeginAt)
        .splitAsStream(scrape)
        .filter(part -> part.contains("job=\"") || part.contains("\"job\""))
        .collect(Collectors.joining());
  }

  /** The same of messages, each of which has its length before it. */
  private static String pushedMessages(String scrape) {
    StringBuilder pushed = new StringBuilder();
    int at = 0;
    while (at < scrape.length()) {
      int length = 0;
      for (int shift = 0; ; shift += 7) {
        int b = scrape.charAt(at++);
        length |= (b & 0x7F) << shift;
        if (b < 0x80) {
          break;
        }
      }
      String message = scrape.substring(at, at + length);
      if (message.contains("\n\u0003job")) {
        pushed.append(message);
      }
      at += length;
    }
    return pushed.toString();
  }

  private static void assertSame(Map<String, String> before, Map<String, String> now, String when) {
    before.forEach((what, answer) -> assertEquals(answer, now.get(what), what + " " + when));
    assertEquals(new TreeMap<>(before), new TreeMap<>(now));
  }

  /** Else two empty answers would be the same. */
  private static void checkPushed(Map<String, String> answers) {
    String groups = answers.get("groups");
    for (String name : TEXTS.keySet()) {
      assertTrue(groups.contains("\"job\":\"" + name + "\""), name);
    }
    for (String name : List.of("native", "native_float", "both", "gh", "gh_float", "ex_total")) {
      for (String encoding : List.of("text", "compact-text", "delimited")) {
        String answer = answers.get(encoding + ", allow-utf-8");
        assertTrue(answer.contains(name), name + " as " + encoding);
      }
    }
    String text = answers.get("compact-text, allow-utf-8");
    for (String part : List.of("trace_id", "created_timestamp", "negative_span", "schema")) {
      assertTrue(text.contains(part), part);
    }
    String escaped = answers.get("plain, values");
    assertTrue(escaped.contains("\nU__gr_f6__df_e_2e_in_20_bytes{"), "escaped names");
    assertTrue(!answers.get("plain, allow-utf-8").contains("deleted"), "what was deleted");
  }
}
