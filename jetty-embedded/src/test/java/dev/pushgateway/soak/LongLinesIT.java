package dev.pushgateway.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.jetty.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scrapes of long lines at {@code -Xmx256m} (issue 20): they ended in an {@code OutOfMemoryError},
 * although every push had been within the limits.
 */
@Isolated("good clients of it expect to be served in time")
final class LongLinesIT {
  private static final int OK = 200;
  private static final int UNREAD = 60;

  /** Pushes were answered after 30 s; a slow machine needs some seconds. */
  private static final Duration PUSH_PATIENCE = Duration.ofSeconds(20);

  private static final Map<String, String> ACCEPTED =
      Map.of(
          "plain", "text/plain",
          "gzip", "text/plain",
          "protobuf", protobuf("delimited"),
          "protobuf gzip", protobuf("delimited"),
          "protobuf text", protobuf("text"),
          "protobuf compact text", protobuf("compact-text"));

  private final HttpClient client =
      HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(PUSH_PATIENCE).build();
  private final List<Socket> unread = new ArrayList<>();
  private ServerProcess server;

  private static String protobuf(String encoding) {
    return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding="
        + encoding;
  }

  @BeforeEach
  void start() throws Exception {
    server = ServerProcess.listening(List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
  }

  @AfterEach
  void stop() throws Exception {
    for (Socket socket : unread) {
      socket.close();
    }
    boolean isRunning = server.isRunning();
    List<String> errors = new ArrayList<>(server.log());
    errors.removeIf(line -> line.contains("level=info") || line.contains("level=warn"));
    server.close();
    assertEquals(List.of(), errors);
    assertTrue(isRunning, "memory ran out");
  }

  private int push(String path, byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri(path))
            .PUT(BodyPublishers.ofByteArray(body))
            .timeout(PUSH_PATIENCE)
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  /** Lines with 120 labels of 900 bytes. */
  private static byte[] longLines(int count, int value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("mixed{n=\"").append(i).append('"');
      for (int label = 0; label < 120; label++) {
        text.append(",l").append(label).append("=\"").append("v".repeat(900)).append('"');
      }
      text.append("} ").append(value).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] shortLines(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("mixed{n=\"").append(i).append("\"} 1\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Sends a request and reads all of the response; returns the status, and the length or reason.
   */
  private String get(String path, String accept, boolean gzip) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri(path))
            .header("Accept", accept)
            .header("Accept-Encoding", gzip ? "gzip" : "identity")
            .build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() == OK) {
        long length = body.transferTo(java.io.OutputStream.nullOutputStream());
        return length > 10_000 ? "200" : "200 with " + length + " bytes";
      }
      return response.statusCode() + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyFormatIsServed_againAndSeveralAtATime() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertEquals(OK, push("/metrics/job/short/i/" + i, shortLines(20_000)));
    }
    for (int i = 0; i < 8; i++) {
      assertEquals(OK, push("/metrics/job/long/i/" + i, longLines(60, 1)));
    }
    List<Callable<String>> requests = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      ACCEPTED.forEach(
          (name, accept) ->
              requests.add(() -> name + ": " + get("/metrics", accept, name.contains("gzip"))));
      requests.add(() -> "listing: " + get("/api/v1/metrics", "*/*", false));
      requests.add(() -> "listing gzip: " + get("/api/v1/metrics", "*/*", true));
      requests.add(() -> "page: " + get("/", "text/html", false));
      byte[] body = longLines(1, round);
      requests.add(() -> "push: " + push("/metrics/job/one", body));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<String> answer : threads.invokeAll(requests)) {
        assertTrue(answer.get().endsWith(": 200"), answer.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1", "HTTP/2", "HTTP/2 with large windows"})
  void readersThatDoNotReadKeepNeitherScrapesNorPushesFromBeingServed(String protocol)
      throws Exception {
    for (int i = 0; i < 13; i++) {
      assertEquals(OK, push("/metrics/job/long/i/" + i, longLines(60, 1)));
    }
    Map<String, AtomicInteger> pushes = new ConcurrentHashMap<>();
    Map<String, AtomicInteger> scrapes = new ConcurrentHashMap<>();
    AtomicBoolean isOver = new AtomicBoolean();
    Thread scraper = new Thread(() -> repeatedly(isOver, scrapes, this::scrape));
    Thread pusher = new Thread(() -> repeatedly(isOver, pushes, this::pushBoth));
    askWithoutReading(protocol);
    scraper.start();
    pusher.start();
    for (int round = 0; round < 10; round++) {
      Target.pause(1_000);
      askWithoutReading(protocol);
    }
    isOver.set(true);
    scraper.join();
    pusher.join();
    System.out.println(protocol + ": pushes " + pushes + ", scrapes " + scrapes);
    assertEquals(java.util.Set.of("200 200"), pushes.keySet());
    assertTrue(scrapes.containsKey("200"), scrapes.toString());
    for (String answer : scrapes.keySet()) {
      boolean isSentence = answer.matches("503 [a-z].*\\n");
      assertTrue(answer.equals("200") || isSentence, scrapes.toString());
    }
  }

  private String scrape() throws Exception {
    return get("/metrics", "text/plain", true);
  }

  /** A group of its own, and one of which unread scrapes keep 6 MB. */
  private String pushBoth() throws Exception {
    Target.pause(20);
    int small = push("/metrics/job/small", "small 1\n".getBytes(StandardCharsets.US_ASCII));
    int large = push("/metrics/job/long/i/1", longLines(5, 2));
    return small + " " + large;
  }

  private static void repeatedly(
      AtomicBoolean isOver, Map<String, AtomicInteger> answers, Callable<String> request) {
    while (!isOver.get()) {
      String answer;
      try {
        answer = request.call();
      } catch (Exception e) {
        answer = e.toString();
      }
      answers.computeIfAbsent(answer, key -> new AtomicInteger()).incrementAndGet();
    }
  }

  private void askWithoutReading(String protocol) throws IOException {
    Target target = new Target("127.0.0.3", server.uri("/").getPort(), 0);
    if (protocol.equals("HTTP/1.1")) {
      for (int i = 0; i < UNREAD; i++) {
        Socket socket = target.connect(4 << 10);
        unread.add(socket);
        socket.getOutputStream().write(Target.ascii("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n"));
      }
    } else {
      Socket socket = target.connect(4 << 10);
      unread.add(socket);
      int window = protocol.equals("HTTP/2") ? 65_535 : Integer.MAX_VALUE;
      socket.getOutputStream().write(Http2Frames.manyRequests(UNREAD, "/metrics", window));
    }
  }
}
