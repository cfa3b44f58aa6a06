package dev.pushgateway.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The largest pushes that were accepted at {@code -Xmx256m} on 2026-11-30 are still accepted, and
 * again when others have filled the store.
 */
final class PushSizesIT {
  private static final String BIG = "/metrics/job/big";
  private static final int FULL = 507;

  private final HttpClient client = HttpClient.newHttpClient();
  private ServerProcess server;

  @BeforeEach
  void start() throws Exception {
    server = ServerProcess.listening(List.of("-Xmx256m"));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private static byte[] lines(int count, IntFunction<String> line) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(line.apply(i));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] body(String shape, int count) {
    return switch (shape) {
      case "families" -> lines(count, i -> String.format("fam%07d 1\n", i));
      case "histograms" ->
          lines(
              count,
              i ->
                  (i == 0 ? "# TYPE h histogram\n" : "")
                      + String.format("h_bucket{i=\"%06d\",le=\"0.1\"} 5\n", i)
                      + String.format("h_bucket{i=\"%06d\",le=\"1\"} 5\n", i)
                      + String.format("h_bucket{i=\"%06d\",le=\"10\"} 5\n", i)
                      + String.format("h_bucket{i=\"%06d\",le=\"+Inf\"} 5\n", i)
                      + String.format("h_sum{i=\"%06d\"} 12.5\nh_count{i=\"%06d\"} 5\n", i, i));
      default -> {
        String padding = "x".repeat(Integer.parseInt(shape));
        yield lines(
            count, i -> "m{label=\"" + padding + String.format("%07d\"} %d.5\n", i, i % 999));
      }
    };
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    }
    return out.toByteArray();
  }

  private int put(String path, byte[] body, String encoding) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri(path))
            .header("Content-Encoding", encoding)
            .PUT(BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  /** Shape: bytes of padding in a line of 30 bytes. */
  @ParameterizedTest
  @CsvSource({
    "0,          250000, identity",
    "70,         155000, identity",
    "70,         155000, gzip",
    "60000,         450, identity",
    "families,    65000, identity",
    "histograms,  58000, identity",
  })
  void largestPushIsAccepted_andAgainInAFullStore(String shape, int count, String encoding)
      throws Exception {
    byte[] plain = body(shape, count);
    byte[] body = encoding.equals("gzip") ? gzip(plain) : plain;
    assertEquals(200, put(BIG, body, encoding));
    byte[] other = body("1000", 500);
    int groups = 0;
    int status = 200;
    while (status == 200) {
      status = put("/metrics/job/other/i/" + groups++, other, "identity");
    }
    assertEquals(FULL, status);
    assertEquals(200, put(BIG, body, encoding), "beside " + groups + " groups");
    assertFalse(server.log().toString().contains("OutOfMemoryError"), server.log().toString());
  }
}
