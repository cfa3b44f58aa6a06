package dev.pushgateway.bench;

import dev.pushgateway.bench.Connection.Response;
import dev.pushgateway.bench.ManyConnections.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * The order of things: each stage fills each gateway anew with what the stage needs, measures the
 * works that need it, and ends the gateway. The works themselves stand in {@link FreshGateways},
 * {@link Pushes}, {@link Scrapes}, {@link HeavyLoad} and {@link Wipes}.
 */
final class Stages {
  /** A group has so many series in so many families; few large groups, or many small ones. */
  record Shape(int groups, int families, int seriesPerFamily) {
    static final Shape EMPTY = new Shape(0, 5, 2);
    static final Shape HUNDRED_SMALL = new Shape(100, 5, 2);
    static final Shape TEN_THOUSAND_SMALL = new Shape(10_000, 5, 2);
    static final Shape TWENTY_THOUSAND_SMALL = new Shape(20_000, 5, 2);
    static final Shape HUNDRED_LARGE = new Shape(100, 10, 100);
    static final Shape THOUSAND_LARGE = new Shape(1_000, 10, 100);

    byte[] put(int group, int variant) {
      byte[] body = Bodies.text(group, families, seriesPerFamily, variant);
      return Requests.put(JOB, group, body);
    }
  }

  static final String JOB = "batch";

  private static final int FILLING_CONNECTIONS = 4;
  private static final double FILLING_SECONDS = 300;
  private static final List<Kind> ORDER = List.of(Kind.OURS, Kind.GO_UNCHECKED, Kind.GO_CHECKED);

  private final GatewayCommands commands;
  private final Options options;
  private final Figures figures;
  private final Pushes pushes;
  private final Scrapes scrapes;

  private interface Stage {
    void run() throws IOException;
  }

  /** What is done with a gateway that has been filled. */
  private interface Measurement {
    void take(Kind kind, BenchmarkedServer gateway) throws IOException;
  }

  Stages(GatewayCommands commands, Options options, Figures figures) {
    this.commands = commands;
    this.options = options;
    this.figures = figures;
    pushes = new Pushes(options, figures);
    scrapes = new Scrapes(options, figures);
  }

  /**
   * Runs all stages, also after one that failed, so that no hour of measuring is lost.
   *
   * @return whether all succeeded
   */
  boolean run() {
    List<Stage> stages =
        List.of(
            this::freshGateways,
            this::emptyStore,
            this::hundredSmallGroups,
            this::tenThousandSmallGroups,
            this::hundredLargeGroups,
            this::twentyThousandSmallGroups,
            this::thousandLargeGroups,
            this::persistedPushes,
            this::restart,
            this::heavyLoad,
            this::wipe);
    boolean complete = true;
    for (Stage stage : stages) {
      try {
        stage.run();
      } catch (IOException e) {
        complete = false;
        System.err.println("stage given up: " + e.getMessage());
      }
    }
    return complete;
  }

  private void freshGateways() throws IOException {
    if (!wants(
        Work.FRESH_CPU_100,
        Work.FRESH_CPU_1K,
        Work.FRESH_CPU_10K,
        Work.FRESH_TIME_100,
        Work.FRESH_TIME_1K,
        Work.FRESH_TIME_10K,
        Work.FRESH_SCRAPE)) {
      return;
    }
    System.err.println("the first pushes and the first scrape after a start");
    new FreshGateways(options, figures, commands).run(kinds(true));
  }

  private void emptyStore() throws IOException {
    stage(
        Shape.EMPTY,
        true,
        (kind, gateway) -> pushes.small(Work.PUSH_EMPTY, kind, gateway),
        Work.PUSH_EMPTY);
  }

  private void hundredSmallGroups() throws IOException {
    Shape shape = Shape.HUNDRED_SMALL;
    stage(
        shape,
        true,
        (kind, gateway) ->
            pushes.rate(Work.RATE_100_GROUPS, Work.CPU_100_GROUPS, kind, gateway, shape),
        Work.RATE_100_GROUPS,
        Work.CPU_100_GROUPS);
  }

  private void tenThousandSmallGroups() throws IOException {
    Shape shape = Shape.TEN_THOUSAND_SMALL;
    stage(
        shape,
        true,
        (kind, gateway) ->
            pushes.rate(Work.RATE_10K_GROUPS, Work.CPU_10K_GROUPS, kind, gateway, shape),
        Work.RATE_10K_GROUPS,
        Work.CPU_10K_GROUPS);
  }

  private void hundredLargeGroups() throws IOException {
    Shape shape = Shape.HUNDRED_LARGE;
    stage(
        shape,
        true,
        (kind, gateway) -> {
          if (kind != Kind.GO_CHECKED) {
            scrapes.memory(Work.MEMORY_100K, kind, gateway);
          }
          pushes.small(Work.PUSH_100K, kind, gateway);
          pushes.large(Work.LARGE_TEXT_CPU, Work.LARGE_TEXT_WALL, kind, gateway);
          pushes.large(Work.LARGE_GZIP_CPU, Work.LARGE_GZIP_WALL, kind, gateway);
          pushes.large(Work.LARGE_PROTOBUF_CPU, Work.LARGE_PROTOBUF_WALL, kind, gateway);
          pushes.besideScrapes(Work.BESIDE_SCRAPES_100K, kind, gateway);
          if (kind != Kind.GO_CHECKED) {
            scrapes.all(Scrapes.Works.OF_100K, kind, gateway, shape);
            scrapes.listing(kind, gateway);
          }
        },
        Work.MEMORY_100K,
        Work.PUSH_100K,
        Work.LARGE_TEXT_CPU,
        Work.LARGE_TEXT_WALL,
        Work.LARGE_GZIP_CPU,
        Work.LARGE_GZIP_WALL,
        Work.LARGE_PROTOBUF_CPU,
        Work.LARGE_PROTOBUF_WALL,
        Work.BESIDE_SCRAPES_100K,
        Work.SCRAPE_100K_PLAIN,
        Work.SCRAPE_100K_PROTOBUF,
        Work.SCRAPE_100K_GZIP,
        Work.SCRAPE_100K_GZIP_PUSHED,
        Work.SCRAPE_100K_GZIP_ALL,
        Work.LISTING_FIRST_BYTE,
        Work.LISTING);
  }

  private void twentyThousandSmallGroups() throws IOException {
    Shape shape = Shape.TWENTY_THOUSAND_SMALL;
    stage(
        shape,
        wants(Work.PUSH_20K_GROUPS),
        (kind, gateway) -> {
          if (kind != Kind.GO_CHECKED) {
            scrapes.memory(Work.MEMORY_20K_GROUPS, kind, gateway);
          }
          pushes.small(Work.PUSH_20K_GROUPS, kind, gateway);
          if (kind != Kind.GO_CHECKED) {
            scrapes.all(Scrapes.Works.OF_20K_GROUPS, kind, gateway, shape);
          }
        },
        Work.MEMORY_20K_GROUPS,
        Work.PUSH_20K_GROUPS,
        Work.SCRAPE_20K_GROUPS_PLAIN,
        Work.SCRAPE_20K_GROUPS_PROTOBUF,
        Work.SCRAPE_20K_GROUPS_GZIP,
        Work.SCRAPE_20K_GROUPS_GZIP_PUSHED,
        Work.SCRAPE_20K_GROUPS_GZIP_ALL);
  }

  private void thousandLargeGroups() throws IOException {
    Shape shape = Shape.THOUSAND_LARGE;
    stage(
        shape,
        wants(Work.PUSH_1M),
        (kind, gateway) -> {
          if (kind != Kind.GO_CHECKED) {
            scrapes.memory(Work.MEMORY_1M, kind, gateway);
          }
          pushes.small(Work.PUSH_1M, kind, gateway);
          if (kind == Kind.OURS) {
            pushes.besideNothing(Work.BESIDE_NOTHING_1M, kind, gateway);
            pushes.besideScrapes(Work.BESIDE_SCRAPES_1M, kind, gateway);
          }
          if (kind != Kind.GO_CHECKED) {
            scrapes.all(Scrapes.Works.OF_1M, kind, gateway, shape);
          }
        },
        Work.MEMORY_1M,
        Work.PUSH_1M,
        Work.BESIDE_NOTHING_1M,
        Work.BESIDE_SCRAPES_1M,
        Work.SCRAPE_1M_PLAIN,
        Work.SCRAPE_1M_PROTOBUF,
        Work.SCRAPE_1M_GZIP,
        Work.SCRAPE_1M_GZIP_PUSHED,
        Work.SCRAPE_1M_GZIP_ALL);
  }

  private void persistedPushes() throws IOException {
    if (!wants(Work.RATE_NO_FILE, Work.RATE_FILE_5M, Work.RATE_FILE_0S_ONE, Work.RATE_FILE_0S)) {
      return;
    }
    System.err.println("100 groups of 10 series, with and without a file");
    for (Kind kind : kinds(true)) {
      new PersistedPushes(options, figures, kind, commands).run(Shape.HUNDRED_SMALL);
    }
  }

  private void restart() throws IOException {
    boolean launched = wants(Work.LAUNCHER_READY, Work.LAUNCHER_SCRAPED);
    if (!launched && !wants(Work.FILE_1M, Work.START_READY, Work.START_SCRAPED)) {
      return;
    }
    System.err.println("1M series persisted");
    Map<Kind, Path> files = new EnumMap<>(Kind.class);
    try {
      for (Kind kind : kinds(false)) {
        Path file = unusedFile();
        files.put(kind, file);
        try (BenchmarkedServer gateway = BenchmarkedServer.start(kind, commands, file.toString())) {
          fill(gateway, Shape.THOUSAND_LARGE);
          gateway.stop();
        }
        figures.put(Work.FILE_1M, kind, Files.size(file) / 1e6, "");
      }
      if (wants(Work.START_READY, Work.START_SCRAPED)) {
        new Starts(options, figures, commands).run(files, Work.START_READY, Work.START_SCRAPED);
      }
      if (launched) {
        try (Launcher launcher = Launcher.prepare(options.jar(), options.javaOptions())) {
          GatewayCommands started = commands.with(launcher.command());
          new Starts(options, figures, started)
              .run(files, Work.LAUNCHER_READY, Work.LAUNCHER_SCRAPED);
        }
      }
    } finally {
      for (Path file : files.values()) {
        delete(file);
      }
    }
  }

  private void heavyLoad() throws IOException {
    stage(
        HeavyLoad.SHAPE,
        true,
        (kind, gateway) -> {
          if (kind != Kind.GO_UNCHECKED) {
            new HeavyLoad(figures, kind, gateway).run();
          }
        },
        Work.HEAVY_DONE,
        Work.HEAVY_P99,
        Work.HEAVY_CPU,
        Work.HEAVY_MEMORY);
  }

  private void wipe() throws IOException {
    Wipes wipes = new Wipes(options, figures);
    stage(
        Shape.EMPTY,
        false,
        (kind, gateway) -> {
          wipes.measure(Work.WIPE_QUIET, kind, gateway, false);
          wipes.measure(Work.WIPE_LOADED, kind, gateway, true);
        },
        Work.WIPE_QUIET,
        Work.WIPE_LOADED);
  }

  private void stage(Shape shape, boolean checked, Measurement measurement, Work... works)
      throws IOException {
    if (!wants(works)) {
      return;
    }
    System.err.printf(
        "%,d groups of %d series%n", shape.groups, shape.families * shape.seriesPerFamily);
    Path file = unusedFile();
    try {
      for (Kind kind : kinds(checked)) {
        try (BenchmarkedServer gateway =
            BenchmarkedServer.start(kind, commands, kind == Kind.OURS ? "" : file.toString())) {
          if (kind != Kind.GO_CHECKED) {
            fill(gateway, shape);
          }
          measurement.take(kind, gateway);
          if (kind == Kind.GO_UNCHECKED && checked) {
            gateway.stop(); // Writes the file that the next one starts from.
          }
        }
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Set<Kind> kinds(boolean checked) {
    Set<Kind> kinds = new java.util.LinkedHashSet<>(ORDER);
    kinds.removeIf(kind -> !commands.has(kind) || !checked && kind == Kind.GO_CHECKED);
    return kinds;
  }

  private boolean wants(Work... works) {
    Set<Work> wanted = EnumSet.copyOf(List.of(works));
    wanted.retainAll(options.works());
    return !wanted.isEmpty();
  }

  /** Where persistence files go: not to the folder of temporary ones, which may be in memory. */
  static Path folder() {
    Path persistent = Path.of("/var/tmp");
    return Files.isWritable(persistent) ? persistent : Path.of("").toAbsolutePath();
  }

  static Path unusedFile() throws IOException {
    Path file = Files.createTempFile(folder(), "side-by-side-", ".data");
    Files.delete(file);
    file.toFile().deleteOnExit(); // Also after Ctrl-C, when a gateway has written it.
    return file;
  }

  /** Removes a persistence file and the lock that ours leaves beside it. */
  static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lock"));
  }

  /** Pushes every group of a shape once. */
  static void fill(BenchmarkedServer gateway, Shape shape) throws IOException {
    if (shape.groups > 0) {
      pushAll(gateway, shape.groups, group -> shape.put(group, 0));
    }
  }

  /** Sends so many requests over a few connections. */
  static void pushAll(BenchmarkedServer gateway, int count, IntFunction<byte[]> requests)
      throws IOException {
    Outcome outcome =
        new ManyConnections(gateway.port(), FILLING_CONNECTIONS, requests)
            .run(count, FILLING_SECONDS);
    if (outcome.done() < count) {
      throw new IOException("only " + outcome.done() + " of " + count + " pushes in time");
    }
  }

  /** Repeats a request; its times in milliseconds. */
  static double[] repeat(
      Connection connection, IntFunction<byte[]> requests, int max, double maxSeconds)
      throws IOException {
    double[] millis = new double[max];
    long deadline = System.nanoTime() + (long) (maxSeconds * 1e9);
    int count = 0;
    do {
      Response response = connection.succeed(requests.apply(count));
      millis[count++] = response.millis();
    } while (count < max && System.nanoTime() < deadline);
    return java.util.Arrays.copyOf(millis, count);
  }
}
