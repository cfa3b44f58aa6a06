package dev.pushgateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.admission.BodyLimits;
import dev.pushgateway.admission.PushLimits;
import dev.pushgateway.parse.SeriesLimits;
import dev.pushgateway.push.SnappyVectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionServletTest {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

  private static final int MAX_TRANSFERRED_BYTES = 20_000;
  private static final int MAX_BYTES = 50_000;

  private static GatewayFixture gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        GatewayFixture.with()
            .limits(
                new PushLimits(
                    new BodyLimits(MAX_TRANSFERRED_BYTES, MAX_BYTES, Duration.ZERO, 0),
                    SeriesLimits.NONE,
                    0))
            .start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static byte[] gzip(String text) throws IOException {
    return gzip(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] gzip(byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text);
    }
    return bytes.toByteArray();
  }

  private static HttpResponse<String> push(String job, byte[] body, String encoding)
      throws Exception {
    return gateway.send("POST", "/metrics/job/" + job, body, "Content-Encoding", encoding);
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", " Gzip "})
  void readsGzip(String encoding) throws Exception {
    HttpResponse<String> response = push("gz", gzip("gz 1\n"), encoding);
    assertEquals("", response.body());
    assertEquals("gz{instance=\"\",job=\"gz\"} 1\n", gateway.scraped("gz"));
  }

  /** As Go does. */
  @Test
  void readsGzipOfNothingButEmptyMembers() throws Exception {
    byte[] empty = gzip("");
    byte[] body = new byte[100_000 * empty.length];
    for (int i = 0; i < body.length; i++) {
      body[i] = empty[i % empty.length];
    }
    try (GatewayFixture unlimited = GatewayFixture.with().start()) {
      HttpResponse<String> response =
          unlimited.send("POST", "/metrics/job/hollow", body, "Content-Encoding", "gzip");
      assertEquals(200, response.statusCode(), response.body());
    }
  }

  /**
   * As the Go Pushgateway 1.11; that of 1.5 takes what comes before the end of a line, whatever
   * follows.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "one byte,                    6a,                       a gzip header was expected",
    "bytes that are no header,    6a756e6b6a756e6b6a756e6b, a gzip header was expected",
    "zeros of a tape,             00000000000000000000,     a gzip header was expected",
    "half of the magic number,    1f,                       it ends too early",
    "the magic number,            1f8b,                     it ends too early",
    "another method,              1f8b0700000000000000,     a gzip header was expected",
    "unknown flags,               1f8b0880000000000000,     a gzip header has unknown flags",
    "a header and no data,        1f8b0800000000000000,     it ends too early",
    "a header with a wrong sum,   1f8b08020000000000000000, the checksum of a gzip header is wrong",
    "a name without end,          1f8b0808000000000000616161, it ends too early",
    "a broken block,              1f8b080000000000000007,   invalid block type"
  })
  void refusesWhatFollowsGzip(String what, String hex, String why) throws Exception {
    byte[] body = join(gzip("tail 1\n"), HexFormat.of().parseHex(hex));
    HttpResponse<String> response = push("tail", body, "gzip");
    assertEquals(400, response.statusCode(), what);
    assertEquals("the body cannot be decompressed as gzip: " + why + "\n", response.body());
    assertEquals("", gateway.scraped("tail"));
  }

  /** Extra field, name, comment and checksum, as RFC 1952 has them. */
  @Test
  void readsHeadersWithAllFields() throws Exception {
    byte[] plain = gzip("fields 1\n");
    byte[] header =
        HexFormat.of().parseHex("1f8b081e00000000000302004142" + "6e616d6500" + "77687900");
    CRC32 crc = new CRC32();
    crc.update(header);
    byte[] sum = {(byte) crc.getValue(), (byte) (crc.getValue() >>> 8)};
    byte[] body = join(join(header, sum), Arrays.copyOfRange(plain, 10, plain.length));
    assertEquals(200, push("fields", join(gzip("before 1\n"), body), "gzip").statusCode());
  }

  @Test
  void readsGzipOfSeveralMembersThatComeInPieces() throws Exception {
    byte[] body = join(gzip("mem_a 1\n"), join(gzip(""), gzip("mem_b 2\n")));
    HttpResponse<String> response =
        gateway.send(
            "POST",
            "/metrics/job/mem",
            BodyPublishers.concat(
                BodyPublishers.ofByteArray(body, 0, 31),
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(body, 31, body.length - 31))),
            "Content-Encoding",
            "gzip");
    assertEquals(200, response.statusCode(), response.body());
    assertEquals(
        "mem_a{instance=\"\",job=\"mem\"} 1\nmem_b{instance=\"\",job=\"mem\"} 2\n",
        gateway.scraped("mem"));
  }

  @Test
  void readsSnappy() throws Exception {
    byte[] text = "sn 1\n".getBytes(StandardCharsets.UTF_8);
    byte[] body =
        HexFormat.of()
            .parseHex("ff060000734e61507059" + SnappyVectors.chunk(0, "0510736e20310a", text));
    assertEquals(200, push("sn", body, "snappy").statusCode());
    assertEquals("sn{instance=\"\",job=\"sn\"} 1\n", gateway.scraped("sn"));
    HttpResponse<String> cut = push("cut", Arrays.copyOf(body, body.length - 2), "Snappy");
    assertEquals(400, cut.statusCode());
    assertEquals("the body cannot be decompressed as snappy: it ends within a chunk\n", cut.body());
    HttpResponse<String> block = push("block", HexFormat.of().parseHex("0510736e20310a"), "snappy");
    assertEquals(400, block.statusCode());
    assertEquals(
        "the body cannot be decompressed as snappy: it does not start with a"
            + " stream identifier\n",
        block.body());
  }

  @Test
  void refusesWhatIsNoGzip() throws Exception {
    byte[] good = gzip("bad 1\nbad_b 2\n");
    byte[][] bad = {
      {},
      {0x1F, (byte) 0x8B},
      "bad 1\n".getBytes(StandardCharsets.UTF_8),
      Arrays.copyOf(good, good.length - 4),
      Arrays.copyOf(good, good.length - 9),
      Arrays.copyOf(good, 12),
    };
    for (byte[] body : bad) {
      HttpResponse<String> response = push("bad", body, "gzip");
      assertEquals(400, response.statusCode(), Arrays.toString(body));
      assertTrue(
          response.body().startsWith("the body cannot be decompressed as gzip: "), response.body());
    }
    byte[] wrongChecksum = good.clone();
    wrongChecksum[good.length - 8] ^= 1;
    assertEquals(400, push("bad", wrongChecksum, "gzip").statusCode());
    assertEquals("", gateway.scraped("bad"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "identity", "gzip, gzip", "gzipped"})
  void readsOtherEncodingsAsTheyAre(String encoding) throws Exception {
    byte[] body = "other 1\n".getBytes(StandardCharsets.UTF_8);
    assertEquals(200, push("other", body, encoding).statusCode());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      x-bzip2    | x-bzip2
      gzip, gzip | gzip, gzip
      """)
  void namesUnknownEncodingIfTheBodyDoesNotParse(String encoding, String named) throws Exception {
    HttpResponse<String> response = push("named", gzip("named 1\n"), encoding);
    assertEquals(400, response.statusCode());
    assertTrue(
        response
            .body()
            .endsWith(
                "; the body was read as it is, as its content encoding \""
                    + named
                    + "\" is neither gzip nor snappy\n"),
        response.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-gzip", "X-GZIP"})
  void readsOldNameOfGzip(String encoding) throws Exception {
    assertEquals(200, push("old", gzip("old 1\n"), encoding).statusCode());
    assertEquals("old{instance=\"\",job=\"old\"} 1\n", gateway.scraped("old"));
    assertEquals(
        400, push("old", "old 2\n".getBytes(StandardCharsets.UTF_8), encoding).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/gzip", PROTOBUF})
  void tellsThatTheEncodingIsNotSaid(String contentType) throws Exception {
    byte[] snappy = HexFormat.of().parseHex("ff060000734e61507059");
    String gzipped = "the body is gzip, but Content-Encoding does not say so\n";
    assertEquals(gzipped, send(gzip("a 1\n"), contentType).body());
    assertEquals(gzipped.replace("gzip", "snappy"), send(snappy, contentType).body());
    HttpResponse<String> identity =
        gateway.send("PUT", "/metrics/job/i", gzip("a 1\n"), "Content-Encoding", "identity");
    assertEquals(gzipped, identity.body());
    assertEquals(400, identity.statusCode());
  }

  private static HttpResponse<String> send(byte[] body, String contentType) throws Exception {
    return gateway.send("PUT", "/metrics/job/unsaid", body, "Content-Type", contentType);
  }

  @Test
  void tellsThatTheBodyIsPackedTwice() throws Exception {
    HttpResponse<String> twice = push("twice", gzip(gzip("a 1\n")), "gzip");
    assertEquals("the body is gzip twice, but Content-Encoding says so only once\n", twice.body());
    assertEquals(400, twice.statusCode());
  }

  @Test
  void doesNotNameKnownEncodingIfTheBodyDoesNotParse() throws Exception {
    assertEquals(
        "line 1, column 3: expected a number as value, found \"y\"\n",
        push("known", gzip("x y\n"), "gzip").body());
  }

  @Test
  void takesBodiesUpToTheLimits() throws Exception {
    String transferred = "# " + "x".repeat(MAX_TRANSFERRED_BYTES - 3) + "\n";
    assertEquals(200, gateway.send("POST", "/metrics/job/l", transferred).statusCode());
    String unpacked = "# " + "x".repeat(MAX_BYTES - 3) + "\n";
    assertEquals(200, push("l", gzip(unpacked), "gzip").statusCode());
  }

  @Test
  void refusesBodiesBeyondTheLimits() throws Exception {
    String large = "# " + "x".repeat(MAX_TRANSFERRED_BYTES - 2) + "\n";
    String limit = "; the limit is 20000 bytes (--push.max-body-bytes)\n";
    HttpResponse<String> known = gateway.send("POST", "/metrics/job/l", large);
    assertEquals(413, known.statusCode());
    assertEquals("the body has 20001 bytes" + limit, known.body());
    HttpResponse<String> chunked =
        gateway.send(
            "POST",
            "/metrics/job/l",
            BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))));
    assertEquals(413, chunked.statusCode());
    assertEquals("the body is too large" + limit, chunked.body());
  }

  @Test
  void refusesBombs() throws Exception {
    String message =
        "the decompressed body is too large; the limit is 50000 bytes (--push.max-body-bytes)\n";
    HttpResponse<String> justTooLarge =
        push("bomb", gzip("# " + "x".repeat(MAX_BYTES - 2) + "\n"), "gzip");
    assertEquals(413, justTooLarge.statusCode());
    assertEquals(message, justTooLarge.body());
    HttpResponse<String> bomb = push("bomb", gzip("x".repeat(10_000_000)), "gzip");
    assertEquals(413, bomb.statusCode());
    assertEquals(message, bomb.body());
  }
}
