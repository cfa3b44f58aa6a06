package dev.pushgateway.bench;

import dev.pushgateway.bench.Stages.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The first pushes to a gateway that has just started, and its first scrape. Most gateways get a
 * push a second, so that a JVM runs them interpreted for hours.
 *
 * <p>Each round starts a gateway of each kind with an empty store, waits a second, and pushes to
 * 100 groups in turn over one connection. The first 100 pushes create the groups. The scrape comes
 * after them; its processor time is not counted for the pushes.
 *
 * <p>The processor time of pushes includes what the gateway does within half a second after them,
 * such as compiling. Linux tells it in steps of 10 ms, so the figure is the mean over all rounds.
 * Times are medians over the pushes of all rounds.
 */
final class FreshGateways {
  /** The rows for one number of pushes after a start. */
  private record Milestone(int pushes, Work cpu, Work time) {}

  private static final List<Milestone> MILESTONES =
      List.of(
          new Milestone(100, Work.FRESH_CPU_100, Work.FRESH_TIME_100),
          new Milestone(1_000, Work.FRESH_CPU_1K, Work.FRESH_TIME_1K),
          new Milestone(10_000, Work.FRESH_CPU_10K, Work.FRESH_TIME_10K));

  private static final Shape SHAPE = Shape.HUNDRED_SMALL;
  private static final int VARIANTS = 8;

  /** With its check on, the Go gateway takes ten times as long, so it is in every third round. */
  private static final int ROUNDS_OF_CHECKED = 3;

  private static final long AFTER_START_MILLIS = 1_000;
  private static final long AFTER_PUSHES_MILLIS = 500;

  private final Options options;
  private final Figures figures;
  private final GatewayCommands commands;

  /** All values that were measured, of all rounds. */
  private final Map<Kind, Map<Work, List<Double>>> values = new EnumMap<>(Kind.class);

  FreshGateways(Options options, Figures figures, GatewayCommands commands) {
    this.options = options;
    this.figures = figures;
    this.commands = commands;
  }

  /** Measures all kinds by turns, so that what else the machine does meets all of them. */
  void run(Set<Kind> kinds) throws IOException {
    int rounds = options.quick() ? 3 : 5;
    byte[][] requests = requests();
    for (int round = 0; round < rounds; round++) {
      for (Kind kind : kinds) {
        if (kind == Kind.GO_CHECKED && round % ROUNDS_OF_CHECKED > 0) {
          continue;
        }
        try (BenchmarkedServer gateway = BenchmarkedServer.start(kind, commands, "")) {
          measure(kind, gateway, requests);
        }
      }
    }
    kinds.forEach(this::report);
  }

  /** A push to each group, then one to each with other values, in several variants. */
  private static byte[][] requests() {
    byte[][] requests = new byte[VARIANTS * SHAPE.groups()][];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = SHAPE.put(i % SHAPE.groups(), i / SHAPE.groups());
    }
    return requests;
  }

  private void measure(Kind kind, BenchmarkedServer gateway, byte[][] requests) throws IOException {
    BenchmarkedServer.pause(AFTER_START_MILLIS);
    double cpuMillis = 0;
    List<Double> millis = new ArrayList<>();
    try (Connection connection = new Connection(gateway.port())) {
      for (Milestone milestone : MILESTONES.subList(0, wanted())) {
        double before = gateway.cpuMillis();
        while (millis.size() < milestone.pushes) {
          byte[] request = requests[millis.size() % requests.length];
          millis.add(connection.succeed(request).millis());
        }
        BenchmarkedServer.pause(AFTER_PUSHES_MILLIS);
        cpuMillis += gateway.cpuMillis() - before;
        note(kind, milestone.cpu, List.of(cpuMillis / milestone.pushes));
        note(kind, milestone.time, millis);
        if (milestone.cpu == Work.FRESH_CPU_100) {
          note(kind, Work.FRESH_SCRAPE, List.of(connection.succeed(Requests.SCRAPE_GZIP).millis()));
        }
      }
    }
  }

  /** How many milestones there are up to the last that is to be measured; at least one. */
  private int wanted() {
    int wanted = MILESTONES.size();
    while (wanted > 1 && !isWanted(MILESTONES.get(wanted - 1))) {
      wanted--;
    }
    return wanted;
  }

  private boolean isWanted(Milestone milestone) {
    return options.works().contains(milestone.cpu) || options.works().contains(milestone.time);
  }

  private void note(Kind kind, Work work, List<Double> measured) {
    values
        .computeIfAbsent(kind, k -> new EnumMap<>(Work.class))
        .computeIfAbsent(work, w -> new ArrayList<>())
        .addAll(measured);
  }

  private void report(Kind kind) {
    for (Milestone milestone : MILESTONES.subList(0, wanted())) {
      double[] cpu = all(kind, milestone.cpu);
      double mean = Arrays.stream(cpu).average().orElseThrow();
      figures.put(milestone.cpu, kind, mean, "mean, n=" + cpu.length);
      figures.putMedianAndP99(milestone.time, kind, all(kind, milestone.time));
    }
    figures.putMedian(Work.FRESH_SCRAPE, kind, all(kind, Work.FRESH_SCRAPE));
  }

  private double[] all(Kind kind, Work work) {
    return values.get(kind).get(work).stream().mapToDouble(Double::doubleValue).toArray();
  }
}
