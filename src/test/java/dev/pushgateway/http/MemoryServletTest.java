package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would take more memory than there is gets 507 before any of it is allocated. */
class MemoryServletTest {
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    // Of which pushes may take 7 MiB.
    gateway = GatewayFixture.with().heapBytes(32 << 20).start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static byte[] gzip(int bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(new byte[bytes]);
    }
    return out.toByteArray();
  }

  /** Long labels of the group in each of many short lines; the other way round is no problem. */
  @ParameterizedTest
  @CsvSource({
    "  100,   1000, 200",
    "50000,     10, 200",
    "50000,   1000, 507",
    "   10, 100000, 507",
    "   10,  10000, 200"
  })
  void textThatGrowsIsRefusedBeforeItDoes(int labelLength, int lines, int status) throws Exception {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      body.append("a{b=\"").append(i).append("\"} 1\n");
    }
    String path = "/metrics/job/grow/x/" + "y".repeat(labelLength);
    HttpResponse<String> answer = gateway.send("PUT", path, body.toString());
    assertEquals(status, answer.statusCode(), answer.body());
  }

  /** Each family has buffers until the last line is read. */
  @ParameterizedTest
  @CsvSource({"1000, 200", "10000, 507"})
  void manyFamiliesAreRefusedBeforeTheyHaveBuffers(int families, int status) throws Exception {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < families; i++) {
      body.append("a").append(i).append(" 1\n");
    }
    HttpResponse<String> answer = gateway.send("PUT", "/metrics/job/many", body.toString());
    assertEquals(status, answer.statusCode(), answer.body());
    gateway.send("DELETE", "/metrics/job/many", "");
  }

  @Test
  void bombIsRefusedWhileItIsInflated() throws Exception {
    HttpResponse<String> answer =
        gateway.send("PUT", "/metrics/job/bomb", gzip(20 << 20), "Content-Encoding", "gzip");
    assertEquals(507, answer.statusCode(), answer.body());
    assertEquals(
        "the request needs about N of memory, more than is left beside the store; delete groups or"
            + " raise -Xmx\n",
        answer.body().replaceFirst("\\d+ [KM]iB", "N"));
  }

  /** A name of 60 KB in each line of text, of messages that are a few bytes long. */
  @ParameterizedTest
  @CsvSource({"100, 50, 200", "60000, 50, 507"})
  void protobufThatGrowsIsRefusedBeforeItDoes(int nameLength, int metrics, int status)
      throws Exception {
    ByteArrayOutputStream family = new ByteArrayOutputStream();
    family.write(0x0A);
    writeVarint(family, nameLength);
    family.write("n".repeat(nameLength).getBytes(StandardCharsets.US_ASCII));
    family.write(new byte[] {0x18, 1}); // A gauge.
    for (int i = 0; i < metrics; i++) {
      // A label named a with a one-byte value, and a gauge of 0.
      family.write(new byte[] {0x22, 19, 0x0A, 6, 0x0A, 1, 'a', 0x12, 1, (byte) (i + 32)});
      family.write(new byte[] {0x12, 9, 0x09, 0, 0, 0, 0, 0, 0, 0, 0});
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    writeVarint(body, family.size());
    family.writeTo(body);
    HttpResponse<String> answer =
        gateway.send(
            "PUT",
            "/metrics/job/proto",
            body.toByteArray(),
            "Content-Type",
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                + " encoding=delimited");
    assertEquals(status, answer.statusCode(), answer.body());
  }

  private static void writeVarint(ByteArrayOutputStream out, int value) {
    int left = value;
    for (; left > 0x7F; left >>>= 7) {
      out.write(left & 0x7F | 0x80);
    }
    out.write(left);
  }

  /** So that Prometheus comes through while pushes are refused. */
  @Test
  void scrapesNeedLittle() throws Exception {
    assertEquals(200, gateway.get("/metrics").statusCode());
    assertEquals(200, gateway.get("/api/v1/metrics").statusCode());
  }
}
