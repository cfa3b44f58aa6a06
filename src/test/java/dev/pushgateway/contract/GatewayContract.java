package dev.pushgateway.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client may rely on wherever the gateway runs. A subclass starts what is shipped, once for
 * all tests, with a persistence file for each context path.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class GatewayContract {
  protected static final String ROOT = "";
  protected static final String PUSHGATEWAY = "/pushgateway";
  private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"([^\":#]+\\.[a-z]+)\"");
  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

  @TempDir private static Path folder;

  private GatewayHost host;

  /**
   * Starts the gateways.
   *
   * @param folder empty; for everything that is written
   * @param contextPaths see {@link #contextPaths()}
   */
  protected abstract GatewayHost start(Path folder, List<String> contextPaths) throws Exception;

  /** Where the gateways are; each is empty, or has a slash at its start only. */
  protected List<String> contextPaths() {
    return List.of(ROOT, PUSHGATEWAY);
  }

  /** What the container refuses as it comes. */
  protected Set<OddPath> refused() {
    return Set.of();
  }

  /** What it still refuses when it is told to let odd paths in, as the page on containers shows. */
  protected Set<OddPath> refusedWhenOpen() {
    return Set.of();
  }

  @BeforeAll
  final void start() throws Exception {
    host = start(Files.createDirectory(folder.resolve(getClass().getSimpleName())), contextPaths());
    awaitReady();
  }

  /** Gateways are there before their files are read. */
  private void awaitReady() throws Exception {
    for (String contextPath : contextPaths()) {
      client(contextPath).await("GET", contextPath + "/-/ready", answer -> answer.status() == 200);
    }
  }

  @AfterAll
  final void stop() {
    if (host != null) {
      host.close();
    }
  }

  private RawClient client(String contextPath) {
    return new RawClient(host.port(contextPath));
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), () -> "no " + part + " in\n" + text);
  }

  private Stream<Arguments> contextPathsAndFormats() {
    return contextPaths().stream()
        .flatMap(path -> Stream.of(PushFormat.values()).map(format -> Arguments.of(path, format)));
  }

  @ParameterizedTest
  @MethodSource("contextPathsAndFormats")
  void takesEachFormat(String contextPath, PushFormat format) throws Exception {
    RawClient client = client(contextPath);
    String group = contextPath + "/metrics/job/format/in/" + format;
    Answer push = client.send("PUT", group, format.headers(), format.body());
    assertEquals(200, push.status(), push::toString);
    assertContains(
        client.send("GET", contextPath + "/metrics").text(),
        "\nrows_total{in=\"" + format + "\",instance=\"\",job=\"format\",table=\"a\"} 3\n");
  }

  /**
   * What a container adds, its own error pages or a {@code Server} header, is not for us to say.
   */
  @ParameterizedTest
  @CsvSource({
    "GET,    /nothing,             404, page not found",
    "GET,    /api/v1/nothing,      404, page not found",
    "PUT,    /metrics,             405, method not allowed",
    "PATCH,  /metrics/job/a,       405, method not allowed",
    "PUT,    /metrics/job/a,       400, line 1",
    "PUT,    /metrics/job/a/b,     400, ",
    "PUT,    /metrics/job@base64/*, 400, "
  })
  void errorsArePlainSentences(String method, String path, int status, String start)
      throws Exception {
    String contextPath = contextPaths().get(0);
    Answer answer = client(contextPath).send(method, contextPath + path, "a b\n");
    assertEquals(status, answer.status(), answer::toString);
    assertTrue(answer.header("Content-Type").startsWith("text/plain"), answer::toString);
    assertEquals("nosniff", answer.header("X-Content-Type-Options"), answer::toString);
    String text = answer.text();
    assertTrue(text.startsWith(start == null ? "" : start), text);
    assertTrue(text.endsWith("\n") && text.indexOf('\n') == text.length() - 1, text);
    assertFalse(text.contains("<") || text.contains("Exception"), text);
  }

  @ParameterizedTest
  @MethodSource("contextPaths")
  void putReplacesTheGroup_postTheFamily_deleteRemovesIt(String contextPath) throws Exception {
    RawClient client = client(contextPath);
    String group = contextPath + "/metrics/job/verbs";
    assertEquals(200, client.send("PUT", group, "a 1\nb 1\n").status());
    assertEquals(200, client.send("POST", group, "b 2\nc 2\n").status());
    assertEquals(List.of("a 1", "b 2", "c 2"), pushed(client, contextPath));
    assertEquals(200, client.send("PUT", group, "d 3\n").status());
    assertEquals(List.of("d 3"), pushed(client, contextPath));
    assertEquals(202, client.send("DELETE", group).status());
    assertEquals(List.of(), pushed(client, contextPath));
  }

  private static List<String> pushed(RawClient client, String contextPath) throws IOException {
    String labels = "{instance=\"\",job=\"verbs\"}";
    return client
        .send("GET", contextPath + "/metrics")
        .text()
        .lines()
        .filter(line -> line.contains(labels) && !line.startsWith("push_"))
        .map(line -> line.replace(labels, ""))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("contextPaths")
  void scrapesInEachFormat(String contextPath) throws Exception {
    RawClient client = client(contextPath);
    client.send("PUT", contextPath + "/metrics/job/scraped", "some_rows 3\n");
    String scrape = contextPath + "/metrics";

    Answer text = client.send("GET", scrape);
    assertTrue(text.header("Content-Type").startsWith("text/plain"), text::toString);
    assertContains(text.text(), "some_rows{instance=\"\",job=\"scraped\"} 3\n");

    Answer gzip = client.send("GET", scrape, Map.of("Accept-Encoding", "gzip"), new byte[0]);
    assertEquals("gzip", gzip.header("Content-Encoding"));
    assertContains(gzip.text(), "some_rows{instance=\"\",job=\"scraped\"} 3\n");

    Answer protobuf = client.send("GET", scrape, Map.of("Accept", PROTOBUF), new byte[0]);
    assertTrue(protobuf.header("Content-Type").contains("MetricFamily"), protobuf::toString);
    assertContains(new String(protobuf.body(), StandardCharsets.ISO_8859_1), "\n\tsome_rows");
  }

  @ParameterizedTest
  @MethodSource("contextPaths")
  void answersInJson(String contextPath) throws Exception {
    RawClient client = client(contextPath);
    client.send("PUT", contextPath + "/metrics/job/listed", "some_rows 3\n");
    Answer listing = client.send("GET", contextPath + "/api/v1/metrics?job=listed&count=true");
    assertEquals(200, listing.status());
    assertEquals("application/json", listing.header("Content-Type").split(";")[0]);
    assertContains(listing.text(), "\"job\":\"listed\"");
    assertContains(listing.text(), "\"count\":1");
    Answer status = client.send("GET", contextPath + "/api/v1/status");
    assertContains(status.text(), "\"persistence.interval\":\"5m0s\"");
    assertContains(status.text(), "\"persistence.file\":\"");
    assertFalse(status.text().contains("\"persistence.file\":\"\""), status::toString);
  }

  @ParameterizedTest
  @MethodSource("contextPaths")
  void servesThePageWithAllThatItLoads(String contextPath) throws Exception {
    RawClient client = client(contextPath);
    Answer page = client.send("GET", contextPath + "/");
    assertEquals(200, page.status(), page::toString);
    assertEquals("text/html", page.header("Content-Type").split(";")[0]);
    Matcher loaded = LOADED.matcher(page.text());
    Set<String> files = new TreeSet<>();
    while (loaded.find()) {
      files.add(loaded.group(1));
    }
    assertTrue(files.size() > 5, () -> files + " of " + page);
    for (String file : files) {
      Answer answer = client.send("GET", contextPath + "/" + file);
      assertEquals(200, answer.status(), file);
      assertTrue(answer.body().length > 0, file);
    }
  }

  /** {@code http://host/pushgateway}, where a container may or may not add the slash by itself. */
  @ParameterizedTest
  @MethodSource("contextPaths")
  void pageIsThereWithoutASlash(String contextPath) throws Exception {
    Assumptions.assumeFalse(contextPath.isEmpty(), "a request has a path");
    RawClient client = client(contextPath);
    Answer answer = client.send("GET", contextPath);
    if (answer.status() == 200) {
      assertContains(answer.text(), "<base href=\"." + contextPath + "/\">");
    } else {
      assertTrue(answer.header("Location").endsWith(contextPath + "/"), answer::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("contextPaths")
  void tellsItsHealth(String contextPath) throws Exception {
    RawClient client = client(contextPath);
    assertEquals("OK", client.send("GET", contextPath + "/-/healthy").text());
    assertEquals("OK", client.send("GET", contextPath + "/-/ready").text());
    assertEquals(403, client.send("PUT", contextPath + "/-/quit").status());
  }

  @ParameterizedTest
  @MethodSource("contextPaths")
  void refusesInASentence(String contextPath) throws Exception {
    RawClient client = client(contextPath);
    Answer bad = client.send("PUT", contextPath + "/metrics/job/bad", "a{b=\"c} 1\n");
    assertEquals(400, bad.status());
    assertContains(bad.text(), "line 1, column ");
    assertEquals(1, bad.text().lines().count(), bad::toString);
    Answer lost = client.send("GET", contextPath + "/nowhere");
    assertEquals("404 page not found\n", lost.status() + " " + lost.text());
    assertEquals(405, client.send("GET", contextPath + "/metrics/job/bad").status());
  }

  @Test
  void keepsOverARestartWhatItAcknowledged() throws Exception {
    for (String contextPath : contextPaths()) {
      String group =
          contextPath + "/metrics/job/kept/at" + (contextPath.isEmpty() ? "/root" : contextPath);
      assertEquals(200, client(contextPath).send("PUT", group, "kept_rows 3\n").status());
    }
    host.restart();
    awaitReady();
    for (String contextPath : contextPaths()) {
      List<String> kept =
          client(contextPath)
              .send("GET", contextPath + "/metrics")
              .text()
              .lines()
              .filter(line -> line.startsWith("kept_rows"))
              .toList();
      String at = contextPath.isEmpty() ? "root" : contextPath.substring(1);
      assertEquals(List.of("kept_rows{at=\"" + at + "\",instance=\"\",job=\"kept\"} 3"), kept);
    }
  }

  private Stream<Arguments> contextPathsAndOddPaths() {
    return contextPaths().stream()
        .flatMap(path -> Stream.of(OddPath.values()).map(odd -> Arguments.of(path, odd)));
  }

  @ParameterizedTest
  @MethodSource("contextPathsAndOddPaths")
  void readsAlikeWhatTheContainerLetsIn(String contextPath, OddPath odd) throws Exception {
    assertReads(host.port(contextPath), contextPath, odd, refused().contains(odd));
  }

  @ParameterizedTest
  @MethodSource("contextPathsAndOddPaths")
  void readsAlikeWhatAnOpenContainerLetsIn(String contextPath, OddPath odd) throws Exception {
    assertReads(host.openPort(contextPath), contextPath, odd, refusedWhenOpen().contains(odd));
  }

  private static void assertReads(int port, String contextPath, OddPath odd, boolean refused)
      throws IOException {
    RawClient client = new RawClient(port);
    String group = contextPath + "/metrics/job/odd/value/" + odd.spelling();
    Answer push = client.send("PUT", group, "odd_rows 3\n");
    String scrape = client.send("GET", contextPath + "/metrics").text();
    String series = "odd_rows{instance=\"\",job=\"odd\",value=\"" + odd.value() + "\"} 3\n";
    if (refused) {
      assertTrue(push.status() >= 400 && push.status() < 500, push::toString);
      assertFalse(scrape.contains(series), series);
      return;
    }
    assertEquals(200, push.status(), push::toString);
    assertContains(scrape, series);
    assertEquals(202, client.send("DELETE", group).status());
    assertFalse(client.send("GET", contextPath + "/metrics").text().contains(series), series);
  }

  /** No container has a setting that lets them in. */
  @ParameterizedTest
  @MethodSource("contextPaths")
  void refusesWhatIsNoText(String contextPath) throws Exception {
    for (String spelling : List.of("a%00b", "a%FFb", "a%2", "a%zzb")) {
      String group = contextPath + "/metrics/job/odd/value/" + spelling;
      int status = new RawClient(host.openPort(contextPath)).send("PUT", group, "a 1\n").status();
      assertEquals(400, status, spelling);
    }
  }
}
