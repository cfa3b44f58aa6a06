package dev.pushgateway.soak;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Batch jobs as they should be: each pushes ten series on a new connection, again and again, and
 * expects to be served. A Prometheus scrapes meanwhile.
 */
final class GoodClients {
  private static final int SERIES = 10;
  private static final int PAUSE_MILLIS = 20;
  private static final int SCRAPE_PAUSE_MILLIS = 1_000;

  /** Nanoseconds from connect to the last byte of the answer. */
  private final ConcurrentLinkedQueue<Long> durations = new ConcurrentLinkedQueue<>();

  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong scrapes = new AtomicLong();
  private final AtomicLong refusedScrapes = new AtomicLong();

  /** Pushes to a group of its own until the end, and finds the last push in a scrape. */
  void push(Target target, int client) {
    String path = "/metrics/job/good/client/" + client;
    for (long value = 1; !target.isOver(); value++) {
      long start = System.nanoTime();
      try {
        int status = target.send("PUT", path, body(value));
        if (status != 200) {
          failures.add(path + ": status " + status);
        }
      } catch (IOException | RuntimeException e) {
        failures.add(path + ": " + e + " after " + (System.nanoTime() - start) / 1_000_000 + " ms");
      }
      durations.add(System.nanoTime() - start);
      Target.pause(PAUSE_MILLIS);
    }
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
    byte[] request =
        Target.ascii(
            "GET /metrics HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    while (!target.isOver()) {
      try (Socket socket = target.connect()) {
        socket.getOutputStream().write(request);
        int status = Target.status(socket.getInputStream());
        (status == 200 ? scrapes : refusedScrapes).incrementAndGet();
      } catch (IOException | RuntimeException e) {
        refusedScrapes.incrementAndGet();
      }
      Target.pause(SCRAPE_PAUSE_MILLIS);
    }
  }

  /** How many scrapes were served. Others may wait too long behind sixty slow readers. */
  long scrapes() {
    return scrapes.get();
  }

  /** The pushes that were not served. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** How it went, in a line. */
  String report() {
    long[] sorted = durations.stream().mapToLong(Long::longValue).sorted().toArray();
    return String.format(
        "%d pushes of good clients, %d not served; p50 %.1f ms, p99 %.1f ms, longest %.1f ms;"
            + " %d scrapes, %d not served",
        sorted.length,
        failures.size(),
        quantile(sorted, 0.5),
        quantile(sorted, 0.99),
        quantile(sorted, 1),
        scrapes.get(),
        refusedScrapes.get());
  }

  private static double quantile(long[] sorted, double q) {
    int at = (int) Math.ceil(q * sorted.length) - 1;
    return sorted.length == 0 ? 0 : Arrays.copyOf(sorted, sorted.length)[Math.max(0, at)] / 1e6;
  }
}
