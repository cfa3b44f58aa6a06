package dev.pushgateway.soak;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Batch jobs as they should be: each pushes ten series on a new connection, again and again, and
 * expects to be served, at once and without trying again. A Prometheus scrapes meanwhile.
 */
final class GoodClients {
  private static final int SERIES = 10;
  private static final int PAUSE_MILLIS = 20;
  private static final int SCRAPE_PAUSE_MILLIS = 1_000;

  private static final byte[] SCRAPE =
      Target.ascii(
          "GET /metrics HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");

  final Tally pushes = new Tally();
  final Tally scrapes = new Tally();

  /** Pushes to a group of its own until the end. */
  void push(Target target, int client) {
    String path = "/metrics/job/good/client/" + client;
    for (long value = 1; !target.isOver(); value++) {
      pushes.request(target, request(path, body(value)));
      Target.pause(PAUSE_MILLIS);
    }
  }

  private static byte[] request(String path, byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(Target.head("PUT", path, body.length, "Connection: close"));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static byte[] body(long value) {
    StringBuilder text = new StringBuilder("# TYPE good_rows gauge\n");
    for (int i = 0; i < SERIES; i++) {
      text.append("good_rows{table=\"t").append(i).append("\"} ").append(value).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Scrapes until the end, gzip as Prometheus does. */
  void scrape(Target target) {
    while (!target.isOver()) {
      scrapes.request(target, SCRAPE);
      Target.pause(SCRAPE_PAUSE_MILLIS);
    }
  }
}
