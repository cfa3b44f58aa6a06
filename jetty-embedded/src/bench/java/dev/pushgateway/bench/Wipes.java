package dev.pushgateway.bench;

import dev.pushgateway.bench.Stages.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Wiping 5,000 groups of 10 series, until a scrape shows none of them. */
final class Wipes {
  private static final int GROUPS = 5_000;
  private static final int LOADING_CONNECTIONS = 4;
  private static final double LOAD_SECONDS = 2;
  private static final double MAX_SECONDS = 120;
  private static final String JOB = "wiped";
  private static final String LAST_JOB = "wiped-too";

  private final Options options;
  private final Figures figures;

  Wipes(Options options, Figures figures) {
    this.options = options;
    this.figures = figures;
  }

  /**
   * Fills and wipes several times. Wiping takes less than the scrape behind it, which the JVM must
   * have compiled: with two rounds to warm up instead of ten, it took twice as long.
   *
   * @param loaded whether other groups are pushed meanwhile, as fast as the gateway takes it
   */
  void measure(Work work, Kind kind, BenchmarkedServer gateway, boolean loaded) throws IOException {
    if (!options.works().contains(work)) {
      return;
    }
    int warmUp = options.quick() ? 1 : 10;
    int repetitions = options.quick() ? 3 : 15;
    double[] millis = new double[repetitions];
    for (int i = -warmUp; i < repetitions; i++) {
      fill(gateway);
      millis[Math.max(i, 0)] = loaded ? wipeUnderLoad(gateway) : wipe(gateway);
    }
    figures.putMedian(work, kind, millis);
  }

  /** Without its check, the Go gateway answers before it has stored: what was pushed last tells. */
  private static void fill(BenchmarkedServer gateway) throws IOException {
    Stages.pushAll(gateway, GROUPS, group -> put(JOB, group));
    try (Connection connection = new Connection(gateway.port())) {
      connection.succeed(put(LAST_JOB, 0));
      awaitScrape(connection, LAST_JOB, true);
    }
  }

  private static byte[] put(String job, int group) {
    Shape shape = Shape.HUNDRED_SMALL;
    byte[] body = Bodies.text(group, shape.families(), shape.seriesPerFamily(), 0);
    return Requests.put(job, group, body);
  }

  private static double wipeUnderLoad(BenchmarkedServer gateway) throws IOException {
    Shape shape = Shape.HUNDRED_SMALL;
    byte[][] requests = new byte[shape.groups()][];
    for (int group = 0; group < requests.length; group++) {
      requests[group] = shape.put(group, 0);
    }
    ManyConnections load =
        new ManyConnections(
            gateway.port(), LOADING_CONNECTIONS, i -> requests[i % requests.length]);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      Future<?> loading = executor.submit(() -> load.run(Integer.MAX_VALUE, LOAD_SECONDS));
      BenchmarkedServer.pause(500);
      double millis = wipe(gateway);
      loading.get();
      return millis;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("a push failed beside the wipe", e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private static double wipe(BenchmarkedServer gateway) throws IOException {
    try (Connection connection = new Connection(gateway.port())) {
      long start = System.nanoTime();
      connection.succeed(Requests.WIPE);
      return (awaitScrape(connection, JOB, false) - start) / 1e6;
    }
  }

  /** When the first scrape ended that has a job or has it not, as wanted. */
  private static long awaitScrape(Connection connection, String job, boolean wanted)
      throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < MAX_SECONDS * 1e9) {
      byte[] scrape = connection.body(Requests.SCRAPE_PLAIN);
      long end = System.nanoTime();
      String label = "job=\"" + job + '"';
      if (new String(scrape, StandardCharsets.ISO_8859_1).contains(label) == wanted) {
        return end;
      }
    }
    throw new IOException("after " + MAX_SECONDS + " s, job " + job + " is shown: " + !wanted);
  }
}
