package dev.pushgateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * Starts from files: how long until a gateway is ready, and until its first scrape is done. The
 * gateways take turns, so that what else the machine does meets all of them.
 */
final class Starts {
  private final Options options;
  private final Figures figures;
  private final GatewayCommands commands;

  Starts(Options options, Figures figures, GatewayCommands commands) {
    this.options = options;
    this.figures = figures;
    this.commands = commands;
  }

  void run(Map<Kind, Path> files, Work readyWork, Work scrapedWork) throws IOException {
    int rounds = options.quick() ? 3 : 7;
    Map<Kind, double[]> ready = new EnumMap<>(Kind.class);
    Map<Kind, double[]> scraped = new EnumMap<>(Kind.class);
    for (Kind kind : files.keySet()) {
      ready.put(kind, new double[rounds]);
      scraped.put(kind, new double[rounds]);
    }
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<Kind, Path> file : files.entrySet()) {
        Kind kind = file.getKey();
        try (BenchmarkedServer gateway =
            BenchmarkedServer.start(kind, commands, file.getValue().toString())) {
          ready.get(kind)[round] = (System.nanoTime() - gateway.startNanos()) / 1e6;
          scraped.get(kind)[round] = Scrapes.afterStart(gateway);
        }
      }
    }
    for (Kind kind : files.keySet()) {
      figures.putMedian(readyWork, kind, ready.get(kind));
      figures.putMedian(scrapedWork, kind, scraped.get(kind));
    }
  }
}
