package dev.pushgateway.jetty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pushes and scrapes that share a connection of HTTP/2, whose window the scrapes have used up. */
final class SharedConnectionIT {
  private static final int SCRAPES = 30;
  private static final int PUSHES = 10;

  /** Pushes never wait for readers (issue 20). */
  @Test
  void pushIsAnsweredBesideUnreadScrapesOfTheSameConnection() throws Exception {
    String large = "large{x=\"%s\"} 1\n".formatted("v".repeat(60_000));
    try (ServerProcess server = ServerProcess.listening();
        RawHttp2 http2 = new RawHttp2(server.uri("/").getPort())) {
      for (int i = 0; i < 20; i++) {
        assertEquals(200, server.send("PUT", "/metrics/job/large/i/" + i, large).statusCode());
      }
      for (int i = 0; i < SCRAPES; i++) {
        http2.request(RawHttp2.END_STREAM, 2 * i + 1, "GET", "/metrics");
      }
      assertEquals(answers(SCRAPES), next(http2, SCRAPES));
      for (int i = 0; i < PUSHES; i++) {
        int stream = 2 * (SCRAPES + i) + 1;
        http2.request(0, stream, "PUT", "/metrics/job/small");
        http2.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, "a 1\n".getBytes(US_ASCII));
        assertEquals(answers(1), next(http2, 1));
      }
    }
  }

  private static List<String> answers(int count) {
    return Collections.nCopies(count, "status 200");
  }

  /** Reads statuses and ends of streams, until there are so many. Opens no window. */
  private static List<String> next(RawHttp2 http2, int count) throws Exception {
    List<String> found = new ArrayList<>();
    while (found.size() < count) {
      String next = http2.next();
      if (!next.startsWith("data ")) {
        found.add(next);
      }
    }
    return found;
  }
}
