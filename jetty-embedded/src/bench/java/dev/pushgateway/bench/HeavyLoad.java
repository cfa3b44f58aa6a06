package dev.pushgateway.bench;

import dev.pushgateway.bench.Stages.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * One hundred pushers of 15,000 series a minute each, spread evenly, and a scrape every 15 seconds:
 * the load under which a user of the Go gateway saw pushes take 300 s.
 *
 * <p>That goes on for days, so it begins with what the minute before has left, all the groups and
 * one scrape. From an empty store, the first minute would be of lighter pushes, most of all for a
 * gateway that gathers all that is stored at every push.
 *
 * <p>A thread for each pusher, which sleeps most of the time.
 */
final class HeavyLoad {
  static final Shape SHAPE = new Shape(100, 15, 1_000);

  private static final int PUSHERS = SHAPE.groups();
  private static final double SECONDS_BETWEEN_PUSHES = 60.0 / PUSHERS;
  private static final int SECONDS = 75;

  /** The last push that is due leaves some time to be done. */
  private static final int PUSHES = 123;

  private static final int SECONDS_BETWEEN_SCRAPES = 15;

  private final Figures figures;
  private final Kind kind;
  private final BenchmarkedServer gateway;
  private final List<Double> seconds = Collections.synchronizedList(new ArrayList<>());
  private final List<Double> scrapeSeconds = Collections.synchronizedList(new ArrayList<>());
  private long start;

  HeavyLoad(Figures figures, Kind kind, BenchmarkedServer gateway) {
    this.figures = figures;
    this.kind = kind;
    this.gateway = gateway;
  }

  void run() throws IOException {
    Scrapes.scrapeAndSettle(gateway);
    gateway.forgetPeakMemory(); // That of the filling, or of a start from a file.
    ExecutorService executor = Executors.newFixedThreadPool(PUSHERS + 1);
    double cpuBefore = gateway.cpuMillis();
    List<Callable<Void>> clients = new ArrayList<>();
    for (int pusher = 0; pusher < PUSHERS; pusher++) {
      int first = pusher;
      clients.add(() -> push(first));
    }
    clients.add(this::scrape);
    start = System.nanoTime();
    try {
      executor.invokeAll(clients, SECONDS, TimeUnit.SECONDS); // A failed push is not done.
      awaitDue(SECONDS); // Done early or not, everyone is judged after the same time.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      executor.shutdownNow();
    }
    report(gateway.cpuMillis() - cpuBefore);
  }

  private void report(double cpuMillis) throws IOException {
    double[] done;
    synchronized (seconds) {
      done = seconds.stream().mapToDouble(Double::doubleValue).toArray();
    }
    String scrapes = "of " + PUSHES + ", " + scrapeSeconds.size() + " scrapes";
    figures.put(Work.HEAVY_DONE, kind, done.length, scrapes);
    String ofDone = "of those done, median " + Unit.number(Figures.median(done));
    figures.put(Work.HEAVY_P99, kind, Figures.percentile(done, 0.99), ofDone);
    figures.put(Work.HEAVY_CPU, kind, cpuMillis / 1e3, "");
    figures.put(Work.HEAVY_MEMORY, kind, gateway.peakMemoryMegabytes(), "");
  }

  private Void push(int pusher) throws IOException, InterruptedException {
    for (int push = pusher; push < PUSHES; push += PUSHERS) {
      double due = push * SECONDS_BETWEEN_PUSHES;
      awaitDue(due - SECONDS_BETWEEN_PUSHES); // Time to make the body, off the clock.
      byte[] request = SHAPE.put(pusher, 1 + push / PUSHERS);
      awaitDue(due);
      try (Connection connection = new Connection(gateway.port())) {
        seconds.add(connection.succeed(request).millis() / 1e3);
      }
    }
    return null;
  }

  private Void scrape() throws IOException, InterruptedException {
    for (int due = SECONDS_BETWEEN_SCRAPES; due < SECONDS; due += SECONDS_BETWEEN_SCRAPES) {
      awaitDue(due);
      try (Connection connection = new Connection(gateway.port())) {
        scrapeSeconds.add(connection.succeed(Requests.SCRAPE_GZIP).millis() / 1e3);
      }
    }
    return null;
  }

  private void awaitDue(double second) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(start + (long) (second * 1e9) - System.nanoTime());
  }
}
