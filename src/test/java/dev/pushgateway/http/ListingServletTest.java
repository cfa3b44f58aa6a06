package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pushgateway.listing.ListingQuery;
import dev.pushgateway.store.StoreTesting;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListingServletTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long NOW_NANOS = GatewayFixture.NOW.toEpochMilli() * 1_000_000;
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  private GatewayFixture gateway;

  /**
   * Four groups; the digit is how many hours ago they were pushed.
   *
   * <pre>
   *   a/1   x{l="1"} x{l="2"} y     job a, zone eu
   *   a/2   x{l="1"}                job a, zone us
   *   b/3   h (a histogram)         job b
   *   c/-   (never pushed, failing) job c
   * </pre>
   */
  @BeforeEach
  void start() throws Exception {
    gateway = GatewayFixture.start();
    push("a", "eu", 1, "x{l=\"1\"} 1\nx{l=\"Two\"} 2\n# HELP y Why.\ny 3\n");
    push("a", "us", 2, "x{l=\"1\"} 4\n");
    push("b", "", 3, "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 2\nh_count 1\n");
    gateway.send("PUT", "/metrics/job/c", "late 1 1\n");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void push(String job, String zone, int hoursAgo, String text) {
    String[] labels = zone.isEmpty() ? new String[0] : new String[] {"zone", zone};
    long time = NOW_NANOS - hoursAgo * HOUR_NANOS;
    String reason =
        StoreTesting.push(
            gateway.store(), StoreTesting.put(StoreTesting.key(job, labels), time, text));
    assertEquals("", reason);
  }

  private JsonNode list(String query) throws Exception {
    HttpResponse<String> response = gateway.get("/api/v1/metrics" + query);
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  /** The groups as {@code job zone}, in the order of the listing. */
  private List<String> groups(String query) throws Exception {
    return names(list(query));
  }

  private static List<String> names(JsonNode answer) {
    List<String> names = new ArrayList<>();
    for (JsonNode group : answer.get("data")) {
      JsonNode labels = group.get("labels");
      names.add((labels.get("job").asText() + ' ' + labels.path("zone").asText()).strip());
    }
    return names;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      ''                                       | a eu,a us,b,c
      ?unknown=1&job=&search=&limit=           | a eu,a us,b,c
      ?job=a                                   | a eu,a us
      ?job=a&job=c                             | a eu,a us,c
      ?job=A                                   |
      ?group=metrics/job/a/zone/us             | a us
      ?group=/metrics/job@base64/YQ/zone/us    | a us
      ?group=metrics/job/a                     |
      ?failing=true                            | c
      ?failing=false                           | a eu,a us,b
      ?stale=90m                               | a us,b,c
      ?stale=2h30m                             | b,c
      ?stale=30d                               | c
      ?search=two                              | a eu
      ?search=EU                               | a eu
      ?search=a+eu                             | a eu
      ?search=inf                              | b
      ?search=h_buck                           |
      ?search=y                                | a eu
      ?search=push_time                        |
      ?metric=x                                | a eu,a us
      ?metric=x&metric=h                       | a eu,a us,b
      ?metric=push_time_seconds                | a eu,a us,b,c
      ?sort=last_push                          | c,b,a us,a eu
      ?sort=last_push&order=desc               | a eu,a us,b,c
      ?sort=series                             | c,a us,a eu,b
      ?sort=series&order=desc                  | a eu,b,a us,c
      ?order=desc                              | c,b,a us,a eu
      ?limit=2                                 | a eu,a us
      ?limit=2&order=desc                      | c,b
      ?limit=1&sort=last_push                  | c
      ?job=a&stale=90m                         | a us
      ?job=a&failing=true                      |
      ?job=a&metric=y&search=two&failing=false | a eu
      ?search=1&sort=last_push&limit=1         | a us
      """)
  void selectsGroups(String query, String expected) throws Exception {
    assertEquals(expected == null ? "" : expected, String.join(",", groups(query)));
    assertEquals(
        groups(query),
        groups((query.isEmpty() ? "?" : query + "&") + "fields=groups"),
        "without metrics");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
      x                      | a eu x2; a us x1
      {job="a",zone!="eu"}   | a us push_failure_time_seconds1; a us push_time_seconds1; a us x1
      x{l=~"T.*"}            | a eu x1
      {l="1"}                | a eu x1; a us x1
      h                      | b h1
      {instance="",job="b"}  | b h1; b push_failure_time_seconds1; b push_time_seconds1
      {job=~"[ab]",__name__=~"[xh]"} | a eu x2; a us x1; b h1
      {job="z"}              | ^^
      """)
  void selectsMetrics(String selector, String expected) throws Exception {
    assertEquals(expected, metrics(list("?match[]=" + encode(selector))));
  }

  private static String metrics(JsonNode answer) {
    List<String> found = new ArrayList<>();
    for (JsonNode group : answer.get("data")) {
      JsonNode labels = group.get("labels");
      String name = (labels.get("job").asText() + ' ' + labels.path("zone").asText()).strip();
      group.properties().stream()
          .filter(field -> field.getValue().has("metrics"))
          .map(field -> name + ' ' + field.getKey() + field.getValue().get("metrics").size())
          .forEach(found::add);
    }
    return String.join("; ", found);
  }

  @Test
  void unitesSelectorsAndIntersectsParameters() throws Exception {
    String both = "?match%5B%5D=" + encode("x{zone=\"us\"}") + "&match[]=h";
    assertEquals("a us x1; b h1", metrics(list(both)));
    assertEquals("b h1", metrics(list(both + "&metric=h")));
    assertEquals("a us x1", metrics(list(both + "&job=a")));
    assertEquals("", metrics(list(both + "&job=a&metric=h")));
  }

  @Test
  void keepsTheShapeOfTheGoGatewayWithoutParameters() throws Exception {
    JsonNode answer = list("");
    assertEquals(Set.of("status", "data"), fields(answer));
    assertEquals(
        Set.of(
            "labels",
            "last_push_successful",
            "x",
            "y",
            "push_time_seconds",
            "push_failure_time_seconds"),
        fields(answer.get("data").get(0)));
    assertEquals(
        Set.of("time_stamp", "type", "metrics"), fields(answer.get("data").get(0).get("x")));
  }

  private static Set<String> fields(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.properties().forEach(field -> names.add(field.getKey()));
    return names;
  }

  @Test
  void tellsOfGroupsWhatThereIsWithoutTheirMetrics() throws Exception {
    JsonNode data = list("?fields=groups&count=true").get("data");
    assertEquals(
        JSON.readTree(
            """
            {"labels": {"job": "a", "zone": "eu"}, "path": "metrics/job/a/zone/eu",
             "last_push_successful": true, "push_time": "2026-11-22T11:00:00.500Z",
             "push_failure_time": null, "families": ["x", "y"], "series": 3}
            """),
        withoutBytes(data.get(0)));
    assertEquals(3, data.get(2).get("series").asInt());
    assertFalse(data.get(3).get("last_push_successful").asBoolean());
    assertTrue(data.get(3).get("push_time").isNull());
    assertEquals("2026-11-22T12:00:00.500Z", data.get(3).get("push_failure_time").asText());
    assertEquals(0, data.get(3).get("families").size());
  }

  private static JsonNode withoutBytes(JsonNode group) {
    assertTrue(group.get("bytes").asLong() > 50);
    return ((com.fasterxml.jackson.databind.node.ObjectNode) group).without("bytes");
  }

  @Test
  void countsTheGroupsOfAllPages() throws Exception {
    assertEquals(4, list("?count=true&limit=1").get("count").asInt());
    assertEquals(2, list("?count=true&limit=1&job=a&sort=series").get("count").asInt());
    assertFalse(list("?limit=1").has("count"));
    assertFalse(list("?limit=1&count=false").has("count"));
  }

  @ParameterizedTest(name = "{0} to {1}: {2}, in all {3}")
  @CsvSource({"0, 0, '', 2", "0, 1, 1, 2", "1, 1, 2, 2", "1, 9, 2, 2", "2, 1, '', 2"})
  void listsMetricsOfAFamilyByPages(int offset, int limit, String values, int count)
      throws Exception {
    String query = "?job=a&search=eu&metric=x&metrics_offset=" + offset + "&metrics_limit=" + limit;
    JsonNode family = list(query).get("data").get(0).get("x");
    List<String> found = new ArrayList<>();
    family.get("metrics").forEach(metric -> found.add(metric.get("value").asText()));
    assertEquals(values, String.join(",", found));
    assertEquals(count, family.get("metrics_count").asInt());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "?limit=1",
    "?limit=3",
    "?limit=1&order=desc",
    "?limit=1&sort=series",
    "?limit=2&sort=last_push&order=desc",
    "?limit=1&sort=bytes",
    "?limit=4",
    "?limit=1&failing=false"
  })
  void pagesJoinToTheWhole(String query) throws Exception {
    List<String> whole = groups(query.replaceFirst("limit=\\d+", "x=y"));
    List<String> joined = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = list(query + "&cursor=" + cursor);
      joined.addAll(names(page));
      cursor = page.path("next_cursor").asText();
    } while (!cursor.isEmpty());
    assertEquals(whole, joined);
  }

  @Test
  void neitherRepeatsNorMissesGroupsWhileOthersComeAndGo() throws Exception {
    for (int i = 0; i < 60; i++) {
      push("stays" + i, "", 1, "s 1\n");
      push("goes" + i, "", 1, "s 1\n");
    }
    for (String order : new String[] {"", "&order=desc", "&sort=last_push", "&sort=series"}) {
      List<String> seen = new ArrayList<>();
      String cursor = "";
      int turn = 0;
      do {
        JsonNode page = list("?search=s&limit=7&cursor=" + cursor + order);
        seen.addAll(names(page));
        cursor = page.path("next_cursor").asText();
        // The group at which the page ended goes, and others come before and after it.
        gateway.store().delete(StoreTesting.key("goes" + turn));
        String last = seen.get(seen.size() - 1);
        if (last.startsWith("goes")) {
          gateway.store().delete(StoreTesting.key(last));
        }
        push("goes-new" + turn++ + order.length(), "", 1, "s 1\n");
      } while (!cursor.isEmpty());
      Set<String> distinct = new TreeSet<>(seen);
      assertEquals(distinct.size(), seen.size(), "a group is there twice, " + order);
      for (int i = 0; i < 60; i++) {
        assertTrue(distinct.contains("stays" + i), "stays" + i + order);
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
      match[]=%7Ba         | match[] "{a", position 3: expected '=', '!=', '=~' or '!~', found the end
      cursor=abc           | cursor: expected the next_cursor of an answer, found something else
      limit=0              | limit: expected a whole number from 1 to 2147483646, found "0"
      limit=x              | limit: expected a whole number from 1 to 2147483646, found "x"
      limit=99999999999    | limit: expected a whole number from 1 to 2147483646, found "99999999999"
      limit=1&limit=2      | limit: it is given twice, with two values
      metrics_offset=-1    | metrics_offset: expected a whole number from 0 to 2147483646, found "-1"
      sort=name            | sort: expected job or last_push or series or bytes, found "name"
      order=up             | order: expected asc or desc, found "up"
      fields=x             | fields: expected groups or all, found "x"
      failing=1            | failing: expected true or false, found "1"
      count=yes            | count: expected true or false, found "yes"
      stale=old            | stale: expected a duration like 90s, 1h30m or 2d, found "old"
      group=x/y/z          | group: expected a path like metrics/job/JOB{/LABEL/VALUE}, found "x/y/z"
      group=metrics/job/a/b | odd number of components after the job in the path: expected a value after "b"
      """)
  void refusesWithAReason(String query, String reason) throws Exception {
    HttpResponse<String> response = gateway.get("/api/v1/metrics?" + query);
    assertEquals(400, response.statusCode());
    assertEquals("*", response.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
    JsonNode body = JSON.readTree(response.body());
    assertEquals("error", body.get("status").asText());
    assertEquals("bad_data", body.get("errorType").asText());
    assertEquals(reason, body.get("error").asText());
  }

  /** A client sees all groups as the answer to its question if what it asked is left out. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
      search=%zz     | broken escape: expected '%' and two hexadecimal digits, found \\"%zz\\"
      %              | broken escape: expected '%' and two hexadecimal digits, found \\"%\\"
      job=a&limit=%1 | broken escape: expected '%' and two hexadecimal digits, found \\"%1\\"
      job=%ff        | part that is not UTF-8: \\"%ff\\"
      unknown%C3=a   | part that is not UTF-8: \\"unknown%C3\\"
      """)
  void refusesBrokenEscapes(String query, String reason) throws Exception {
    String response = gateway.raw("GET /api/v1/metrics?" + query + " HTTP/1.1");
    assertTrue(response.startsWith("HTTP/1.1 400 "), response);
    assertTrue(response.endsWith("\"error\":\"the query has a " + reason + "\"}"), response);
  }

  @Test
  void refusesACursorOfAnotherOrder() throws Exception {
    String cursor = list("?limit=1&sort=series&order=desc").get("next_cursor").asText();
    HttpResponse<String> response = gateway.get("/api/v1/metrics?limit=1&cursor=" + cursor);
    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("sort=series&order=desc"), response.body());
  }

  @Test
  void refusesTooManySelectors() throws Exception {
    StringBuilder query = new StringBuilder("?a=b");
    for (int i = 0; i <= ListingQuery.MAX_SELECTORS; i++) {
      query.append("&match[]=m").append(i);
    }
    assertEquals(400, gateway.get("/api/v1/metrics" + query).statusCode());
  }

  @Test
  void answersNotModifiedUntilSomethingChanges() throws Exception {
    for (String query : new String[] {"", "?fields=groups&limit=2"}) {
      String path = "/api/v1/metrics" + query;
      String tag = gateway.get(path).headers().firstValue("ETag").orElseThrow();
      for (String known : new String[] {tag, tag.substring(2), "\"x\", " + tag, "*"}) {
        HttpResponse<String> same = gateway.get(path, "If-None-Match", known);
        assertEquals(304, same.statusCode(), known);
        assertEquals("", same.body());
        assertEquals(Optional.empty(), same.headers().firstValue("Content-Length"));
        assertEquals("Accept-Encoding", same.headers().firstValue("Vary").orElse(""));
      }
      assertEquals(200, gateway.get(path, "If-None-Match", "W/\"x\"").statusCode());
      gateway.send("POST", "/metrics/job/a/zone/eu", "z 1\n");
      assertEquals(200, gateway.get(path, "If-None-Match", tag).statusCode());
      tag = gateway.get(path).headers().firstValue("ETag").orElseThrow();
      gateway.send("PUT", "/metrics/job/c", "late 1 1\n"); // A failure is a change, too.
      assertEquals(200, gateway.get(path, "If-None-Match", tag).statusCode());
      tag = gateway.get(path).headers().firstValue("ETag").orElseThrow();
      gateway.send("DELETE", "/metrics/job/nobody", "");
      assertEquals(304, gateway.get(path, "If-None-Match", tag).statusCode());
    }
  }

  @Test
  void neverAnswersNotModifiedWhereTimeChangesTheResult() throws Exception {
    assertTrue(gateway.get("/api/v1/metrics?stale=1h").headers().firstValue("ETag").isEmpty());
    assertEquals(200, gateway.get("/api/v1/metrics?stale=1h", "If-None-Match", "*").statusCode());
  }

  @Test
  void isCompressedWhereAskedFor() throws Exception {
    String plain = gateway.get("/api/v1/metrics").body();
    HttpResponse<byte[]> response = gateway.getBytes("/api/v1/metrics", "Accept-Encoding", "gzip");
    assertEquals("gzip", response.headers().firstValue("Content-Encoding").orElse(""));
    assertEquals("Accept-Encoding", response.headers().firstValue("Vary").orElse(""));
    byte[] body = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertEquals(plain, new String(body, StandardCharsets.UTF_8));
  }

  @Test
  void headHasTheHeadersAndNoBody() throws Exception {
    HttpResponse<String> head = gateway.send("HEAD", "/api/v1/metrics?limit=1", "");
    assertEquals(200, head.statusCode());
    assertTrue(head.headers().firstValue("ETag").isPresent());
    assertEquals("", head.body());
  }

  @Test
  void statusHasTotals() throws Exception {
    JsonNode totals = JSON.readTree(gateway.get("/api/v1/status").body()).at("/data/totals");
    assertEquals(4, totals.get("groups").asInt());
    assertEquals(4, totals.get("families").asInt());
    assertEquals(7, totals.get("series").asInt());
    assertTrue(totals.get("bytes").asLong() > 300);
  }
}
