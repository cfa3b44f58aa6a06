package dev.pushgateway.bench;

import dev.pushgateway.bench.ManyConnections.Outcome;
import dev.pushgateway.bench.Stages.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a persistence file costs: pushes per second without one, with one, and with one that is
 * synced before each answer (ours; the Go gateway then writes its whole file all the time, and
 * never syncs).
 *
 * <p>One gateway of each sort runs all the time. All are warmed up alike, for the same time over
 * the same number of connections, and then measured in short turns, each round in another order, so
 * that what else the machine does meets all of them. How well a JVM compiles what it runs differs
 * by 10 % from process to process: so all of this is done with several processes of each sort, and
 * the median over all rounds counts.
 */
final class PersistedPushes {
  private static final int CONNECTIONS = 16;

  private final Options options;
  private final Figures figures;
  private final Kind kind;
  private final GatewayCommands commands;
  private final Map<Work, Result> results = new EnumMap<>(Work.class);

  /** What all gateways of a sort have done. */
  private static final class Result {
    final List<Double> perSecond = new ArrayList<>();
    double cpuMillis;
    long done;
  }

  /** One way to push: to which gateway, and over how many connections. */
  private record Lane(Work work, BenchmarkedServer gateway, int connections) {
    Outcome push(byte[][] requests, int over, double seconds) throws IOException {
      return new ManyConnections(gateway.port(), over, i -> requests[i % requests.length])
          .run(Integer.MAX_VALUE, seconds);
    }
  }

  /** Gateways of each sort, and their files. */
  private final class Lanes implements AutoCloseable {
    private final List<Lane> all = new ArrayList<>();
    private final List<BenchmarkedServer> gateways = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    void start() throws IOException {
      all.add(new Lane(Work.RATE_NO_FILE, started("", "5m"), CONNECTIONS));
      all.add(new Lane(Work.RATE_FILE_5M, started(file(), "5m"), CONNECTIONS));
      BenchmarkedServer synced = started(file(), "0s");
      all.add(new Lane(Work.RATE_FILE_0S_ONE, synced, 1));
      all.add(new Lane(Work.RATE_FILE_0S, synced, CONNECTIONS));
    }

    private BenchmarkedServer started(String file, String interval) throws IOException {
      BenchmarkedServer gateway = BenchmarkedServer.start(kind, commands, file, interval);
      gateways.add(gateway);
      return gateway;
    }

    private String file() throws IOException {
      Path file = Stages.unusedFile();
      files.add(file);
      return file.toString();
    }

    @Override
    public void close() throws IOException {
      for (BenchmarkedServer gateway : gateways) {
        gateway.close();
      }
      for (Path file : files) {
        Stages.delete(file);
      }
    }
  }

  PersistedPushes(Options options, Figures figures, Kind kind, GatewayCommands commands) {
    this.options = options;
    this.figures = figures;
    this.kind = kind;
    this.commands = commands;
  }

  void run(Shape shape) throws IOException {
    byte[][] requests = new byte[shape.groups()][];
    Arrays.setAll(requests, group -> shape.put(group, 1));
    int processes = options.quick() ? 1 : 3;
    for (int i = 0; i < processes; i++) {
      try (Lanes lanes = new Lanes()) {
        lanes.start();
        measure(lanes.all, requests);
      }
    }
    results.forEach(
        (work, result) -> {
          double[] perSecond = result.perSecond.stream().mapToDouble(Double::doubleValue).toArray();
          double cpu = result.cpuMillis / result.done;
          String note =
              String.format(Locale.ROOT, "n=%d, CPU %.3f ms per push", perSecond.length, cpu);
          figures.put(work, kind, Figures.median(perSecond), note);
        });
  }

  private void measure(List<Lane> lanes, byte[][] requests) throws IOException {
    for (Lane lane : lanes) {
      if (lane.work != Work.RATE_FILE_0S_ONE) { // Has the gateway of the other with 0s.
        lane.push(requests, CONNECTIONS, options.quick() ? 12 : 20); // Warms up.
      }
    }
    int rounds = options.quick() ? 15 : 25;
    List<Lane> order = new ArrayList<>(lanes);
    for (int round = 0; round < rounds; round++) {
      for (Lane lane : order) {
        measure(lane, requests);
      }
      Collections.rotate(order, 1);
    }
  }

  private void measure(Lane lane, byte[][] requests) throws IOException {
    Result result = results.computeIfAbsent(lane.work, work -> new Result());
    double before = lane.gateway.cpuMillis();
    Outcome outcome = lane.push(requests, lane.connections, 0.5);
    result.cpuMillis += lane.gateway.cpuMillis() - before;
    result.done += outcome.done();
    result.perSecond.add(outcome.perSecond());
  }
}
