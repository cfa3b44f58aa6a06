package dev.pushgateway.bench;

import dev.pushgateway.bench.ManyConnections.Outcome;
import dev.pushgateway.bench.Stages.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a persistence file costs: pushes per second without one, with one, and with one that is
 * synced before each answer (ours; the Go gateway then writes its whole file all the time, and
 * never syncs). One gateway of each sort runs all the time, and they are measured in turns, over
 * and over, so that what else the machine does meets all of them.
 */
final class PersistedPushes implements AutoCloseable {
  private static final int CONNECTIONS = 16;

  /** One way to push: to which gateway, and over how many connections. */
  private static final class Lane {
    final Work work;
    final Gateway gateway;
    final int connections;
    final List<Double> perSecond = new ArrayList<>();
    double cpuMillis;
    long done;

    Lane(Work work, Gateway gateway, int connections) {
      this.work = work;
      this.gateway = gateway;
      this.connections = connections;
    }

    Outcome push(byte[][] requests, int count, double seconds) throws IOException {
      return new ManyConnections(gateway.port(), connections, i -> requests[i % requests.length])
          .run(count, seconds);
    }

    void measure(byte[][] requests, double seconds) throws IOException {
      double before = gateway.cpuMillis();
      Outcome outcome = push(requests, Integer.MAX_VALUE, seconds);
      cpuMillis += gateway.cpuMillis() - before;
      done += outcome.done();
      perSecond.add(outcome.perSecond());
    }

    String note() {
      String cpu = String.format(Locale.ROOT, "CPU %.3f ms", cpuMillis / done);
      return "n=" + perSecond.size() + ", " + cpu + " per push";
    }
  }

  private final Options options;
  private final Figures figures;
  private final Kind kind;
  private final List<Gateway> gateways = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private final List<Lane> lanes = new ArrayList<>();

  PersistedPushes(Options options, Figures figures, Kind kind, Programs programs)
      throws IOException {
    this.options = options;
    this.figures = figures;
    this.kind = kind;
    try {
      lanes.add(new Lane(Work.RATE_NO_FILE, started(programs, "", "5m"), CONNECTIONS));
      lanes.add(new Lane(Work.RATE_FILE_5M, started(programs, file(), "5m"), CONNECTIONS));
      Gateway synced = started(programs, file(), "0s");
      lanes.add(new Lane(Work.RATE_FILE_0S_ONE, synced, 1));
      lanes.add(new Lane(Work.RATE_FILE_0S, synced, CONNECTIONS));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private Gateway started(Programs programs, String file, String interval) throws IOException {
    Gateway gateway = Gateway.start(kind, programs, file, interval);
    gateways.add(gateway);
    return gateway;
  }

  private String file() throws IOException {
    Path file = Stages.unusedFile();
    files.add(file);
    return file.toString();
  }

  void run(Shape shape) throws IOException {
    byte[][] requests = new byte[shape.groups()][];
    Arrays.setAll(requests, group -> shape.put(group, 1));
    int rounds = options.quick() ? 7 : 15;
    double seconds = options.quick() ? 1 : 2;
    for (Lane lane : lanes) {
      lane.push(requests, 50_000, options.quick() ? 10 : 30); // Warms up.
    }
    for (int round = 0; round < rounds; round++) {
      for (Lane lane : lanes) {
        lane.measure(requests, seconds);
      }
    }
    for (Lane lane : lanes) {
      double[] perSecond = lane.perSecond.stream().mapToDouble(Double::doubleValue).toArray();
      figures.put(lane.work, kind, Figures.median(perSecond), lane.note());
    }
  }

  @Override
  public void close() throws IOException {
    for (Gateway gateway : gateways) {
      gateway.close();
    }
    for (Path file : files) {
      Stages.delete(file);
    }
  }
}
