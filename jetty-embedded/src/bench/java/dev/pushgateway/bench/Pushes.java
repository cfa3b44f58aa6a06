package dev.pushgateway.bench;

import dev.pushgateway.bench.ManyConnections.Outcome;
import dev.pushgateway.bench.Stages.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Pushes of 10 and of 15,000 series.
 *
 * <p>What a small push costs (16 connections, 100 groups, by turns, JDK 17, a slow day,
 * 2026-11-29): 50 us of 89 are Jetty's, with a servlet that reads the body and no more; limits,
 * routing, own metrics and headers take 13, to parse, to check and to store 26.
 *
 * <p>Jetty has another thread read on before a push is served. Without that (the package {@code
 * handoff}) a push took a quarter less processor time, 104 to 78 us, with JDK 25 from 82 to 74.
 *
 * <p>Tried, and not kept (16 connections, 100 groups, by turns, JDK 17, 2026-11-29):
 *
 * <ul>
 *   <li>To serve it as what cannot block, so that Jetty needs no other thread at all: 74 us. But
 *       what makes the push wait then keeps all connections of the selector waiting, scrapes among
 *       them: a disk that hangs, readers that leave no memory, a log that nobody reads.
 *   <li>To have another thread read on every 2 ms, whether or not the first is held up: no
 *       difference. Each time, some ten threads are woken.
 *   <li>Two selectors, and nothing else: no difference.
 * </ul>
 */
final class Pushes {
  private static final int CONNECTIONS = 16;

  /** Far from the numbers of the groups that fill the store. */
  private static final int OWN_GROUP = 99_999;

  private static final int VARIANTS = 8;
  private static final int LARGE_FAMILIES = 15;
  private static final int LARGE_SERIES_PER_FAMILY = 1_000;
  private static final long PAUSE_MILLIS = 2;
  private static final int FEW_GROUPS = 1_000;
  private static final double MAX_SECONDS = 120;

  /** What a JVM does when connections end is compiled, too, and what it did not expect, again. */
  private static final int WARM_UP_ROUNDS = 4;

  private final Options options;
  private final Figures figures;

  /** Warming up ends after so many pushes, the same for all, or after this time. */
  private final double warmUpSeconds;

  private final int smallWarmUps;
  private final int largeWarmUps;

  Pushes(Options options, Figures figures) {
    this.options = options;
    this.figures = figures;
    warmUpSeconds = options.quick() ? 3 : 60;
    smallWarmUps = options.quick() ? 10_000 : 500_000;
    largeWarmUps = options.quick() ? 80 : 5_000;
  }

  /** A push of 10 series over one connection, again and again into one group. */
  void small(Work work, Kind kind, BenchmarkedServer gateway) throws IOException {
    if (!options.works().contains(work)) {
      return;
    }
    byte[][] requests = smallRequests();
    try (Connection connection = new Connection(gateway.port())) {
      Stages.repeat(connection, i -> requests[i % VARIANTS], smallWarmUps, warmUpSeconds);
      double seconds = options.quick() ? 1 : 10;
      double[] millis = Stages.repeat(connection, i -> requests[i % VARIANTS], 10_000, seconds);
      figures.putMedianAndP99(work, kind, millis);
    }
  }

  /** A push of 10 series, in several variants. */
  static byte[][] smallRequests() {
    byte[][] requests = new byte[VARIANTS][];
    for (int i = 0; i < VARIANTS; i++) {
      requests[i] = Requests.put("single", OWN_GROUP, Bodies.text(OWN_GROUP, 5, 2, i));
    }
    return requests;
  }

  /** As many pushes as 16 connections can make, over all groups in turn; and what one costs. */
  void rate(Work rate, Work cpu, Kind kind, BenchmarkedServer gateway, Shape shape)
      throws IOException {
    if (!options.works().contains(rate) && !options.works().contains(cpu)) {
      return;
    }
    byte[][] requests = new byte[shape.groups()][];
    for (int group = 0; group < requests.length; group++) {
      requests[group] = shape.put(group, 1);
    }
    ManyConnections connections =
        new ManyConnections(gateway.port(), CONNECTIONS, i -> requests[i % requests.length]);
    // Sixteen pushes that wait for each other take some 10 s with the check on, and what a warm-up
    // leaves behind would be worked on long after its connections are closed. So these are counted.
    boolean slow = kind == Kind.GO_CHECKED && shape.groups() > FEW_GROUPS;
    for (int round = 0; round < WARM_UP_ROUNDS && !slow; round++) {
      connections.run(2 * smallWarmUps / WARM_UP_ROUNDS, warmUpSeconds / WARM_UP_ROUNDS);
    }
    double before = gateway.cpuMillis();
    int rounds = options.quick() ? 1 : 3;
    int most = slow ? rounds * CONNECTIONS : Integer.MAX_VALUE;
    double seconds = options.quick() ? 2.5 : 10;
    Outcome outcome = connections.run(most, slow ? MAX_SECONDS : seconds);
    double used = gateway.cpuMillis() - before;
    String note = "n=" + outcome.done();
    figures.put(rate, kind, outcome.perSecond(), note);
    figures.put(cpu, kind, used / outcome.done(), note);
  }

  /**
   * A push of 15,000 series over one connection, again and again into one group, with other values
   * each time.
   */
  void large(Work cpu, Work wall, Kind kind, BenchmarkedServer gateway) throws IOException {
    if (!options.works().contains(cpu) && !options.works().contains(wall)) {
      return;
    }
    byte[][] requests = {largeRequest(cpu, 0), largeRequest(cpu, 1)};
    try (Connection connection = new Connection(gateway.port())) {
      Stages.repeat(connection, i -> requests[i & 1], largeWarmUps, warmUpSeconds);
      double before = gateway.cpuMillis();
      double seconds = options.quick() ? 1.5 : 10;
      double[] millis = Stages.repeat(connection, i -> requests[i & 1], 500, seconds);
      double used = gateway.cpuMillis() - before;
      connection.succeed(Requests.delete("single", OWN_GROUP)); // Not for who comes next.
      figures.put(cpu, kind, used / millis.length, "n=" + millis.length);
      figures.putMedianAndP99(wall, kind, millis);
    }
  }

  private static byte[] largeRequest(Work work, int variant) {
    if (work == Work.LARGE_PROTOBUF_CPU) {
      byte[] body = Bodies.protobuf(OWN_GROUP, LARGE_FAMILIES, LARGE_SERIES_PER_FAMILY, variant);
      return Requests.putProtobuf("single", OWN_GROUP, body);
    }
    byte[] text = Bodies.text(OWN_GROUP, LARGE_FAMILIES, LARGE_SERIES_PER_FAMILY, variant);
    return work == Work.LARGE_GZIP_CPU
        ? Requests.putGzip("single", OWN_GROUP, Bodies.gzip(text))
        : Requests.put("single", OWN_GROUP, text);
  }

  /** Pushes of 10 series, one every few milliseconds, while one scrape follows the other. */
  void besideScrapes(Work work, Kind kind, BenchmarkedServer gateway) throws IOException {
    if (!options.works().contains(work)) {
      return;
    }
    long begin = System.nanoTime() + (long) (warmUpSeconds * 1e9);
    long end = begin + pausedNanos();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> scrapes = executor.submit(() -> scrapeUntil(gateway, begin, end));
      double[] millis = pausedPushes(gateway, begin, end);
      String note = "median " + Unit.number(Figures.median(millis)) + ", n=" + millis.length;
      note += ", " + scrapes.get() + " scrapes";
      figures.put(work, kind, Figures.percentile(millis, 0.99), note);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("a scrape failed beside the pushes", e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  /**
   * Pushes with the same pauses, and nothing beside them. A program that pauses has to be woken, so
   * that they take longer than those that follow each other.
   */
  void besideNothing(Work work, Kind kind, BenchmarkedServer gateway) throws IOException {
    if (!options.works().contains(work)) {
      return;
    }
    long begin = System.nanoTime() + (long) (warmUpSeconds / 2 * 1e9);
    figures.putMedianAndP99(work, kind, pausedPushes(gateway, begin, begin + pausedNanos()));
  }

  private long pausedNanos() {
    return TimeUnit.SECONDS.toNanos(options.quick() ? 2 : 20);
  }

  /** How many scrapes were made between two times, on the clock of {@link System#nanoTime()}. */
  private static int scrapeUntil(BenchmarkedServer gateway, long begin, long end)
      throws IOException {
    int count = 0;
    try (Connection connection = new Connection(gateway.port())) {
      while (System.nanoTime() < end) {
        connection.succeed(Requests.SCRAPE_GZIP);
        count += System.nanoTime() > begin ? 1 : 0;
      }
    }
    return count;
  }

  private static double[] pausedPushes(BenchmarkedServer gateway, long begin, long end)
      throws IOException {
    byte[][] requests = smallRequests();
    List<Double> millis = new ArrayList<>();
    try (Connection connection = new Connection(gateway.port())) {
      for (int i = 0; System.nanoTime() < end; i++) {
        double took = connection.succeed(requests[i % VARIANTS]).millis();
        if (System.nanoTime() > begin) {
          millis.add(took);
        }
        BenchmarkedServer.pause(PAUSE_MILLIS);
      }
    }
    return millis.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
