package dev.pushgateway.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Whole HTTP requests as bytes, made before the clock runs. */
final class Requests {
  static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

  /** A scrape in each encoding. */
  static final byte[] SCRAPE_PLAIN = get("/metrics", "Accept: text/plain;version=0.0.4\r\n");

  static final byte[] SCRAPE_PROTOBUF = get("/metrics", "Accept: " + PROTOBUF + "\r\n");
  static final byte[] SCRAPE_GZIP =
      get("/metrics", "Accept: text/plain;version=0.0.4\r\nAccept-Encoding: gzip\r\n");

  static final byte[] WIPE =
      ascii("PUT /api/v1/admin/wipe HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n");

  private static final String TEXT_TYPE = "Content-Type: text/plain; version=0.0.4\r\n";

  private Requests() {}

  static byte[] get(String path, String headers) {
    return ascii("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n");
  }

  /** A push of a text. */
  static byte[] put(String job, int group, byte[] body) {
    return put(job, group, TEXT_TYPE, body);
  }

  static byte[] putGzip(String job, int group, byte[] body) {
    return put(job, group, TEXT_TYPE + "Content-Encoding: gzip\r\n", body);
  }

  static byte[] putProtobuf(String job, int group, byte[] body) {
    return put(job, group, "Content-Type: " + PROTOBUF + "\r\n", body);
  }

  static byte[] delete(String job, int group) {
    return ascii("DELETE " + path(job, group) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  }

  private static String path(String job, int group) {
    return String.format("/metrics/job/%s/instance/host-%05d", job, group);
  }

  private static byte[] put(String job, int group, String headers, byte[] body) {
    String head =
        ("PUT " + path(job, group) + " HTTP/1.1\r\n")
            + "Host: 127.0.0.1\r\n"
            + headers
            + ("Content-Length: " + body.length + "\r\n\r\n");
    ByteArrayOutputStream request = new ByteArrayOutputStream(head.length() + body.length);
    request.writeBytes(ascii(head));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
