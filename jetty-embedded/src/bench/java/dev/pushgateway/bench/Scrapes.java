package dev.pushgateway.bench;

import dev.pushgateway.bench.Connection.Response;
import dev.pushgateway.bench.Stages.Shape;
import java.io.IOException;

/** Scrapes in each encoding, the JSON listing, and the memory that is left in use. */
final class Scrapes {
  private static final byte[] LISTING = Requests.get("/api/v1/metrics", "");
  private static final double MAX_SECONDS = 60;
  private static final long SETTLING_MILLIS = 20_000;

  /** A scrape of what is persisted is surely longer than that. */
  private static final long MIN_SCRAPE_BYTES = 1 << 20;

  private final Options options;
  private final Figures figures;
  private final int repetitions;

  /** The rows of one size of store. */
  record Works(Work plain, Work protobuf, Work gzip, Work gzipPushed, Work gzipAll) {
    static final Works OF_100K =
        new Works(
            Work.SCRAPE_100K_PLAIN,
            Work.SCRAPE_100K_PROTOBUF,
            Work.SCRAPE_100K_GZIP,
            Work.SCRAPE_100K_GZIP_PUSHED,
            Work.SCRAPE_100K_GZIP_ALL);
    static final Works OF_20K_GROUPS =
        new Works(
            Work.SCRAPE_20K_GROUPS_PLAIN,
            Work.SCRAPE_20K_GROUPS_PROTOBUF,
            Work.SCRAPE_20K_GROUPS_GZIP,
            Work.SCRAPE_20K_GROUPS_GZIP_PUSHED,
            Work.SCRAPE_20K_GROUPS_GZIP_ALL);
    static final Works OF_1M =
        new Works(
            Work.SCRAPE_1M_PLAIN,
            Work.SCRAPE_1M_PROTOBUF,
            Work.SCRAPE_1M_GZIP,
            Work.SCRAPE_1M_GZIP_PUSHED,
            Work.SCRAPE_1M_GZIP_ALL);
  }

  /** What happens before each scrape, off the clock. */
  private interface Before {
    void scrape(int number) throws IOException;
  }

  Scrapes(Options options, Figures figures) {
    this.options = options;
    this.figures = figures;
    repetitions = options.quick() ? 3 : 11;
  }

  void all(Works works, Kind kind, BenchmarkedServer gateway, Shape shape) throws IOException {
    Before nothing = number -> {};
    measure(works.plain, kind, gateway, Requests.SCRAPE_PLAIN, nothing);
    measure(works.protobuf, kind, gateway, Requests.SCRAPE_PROTOBUF, nothing);
    measure(works.gzip, kind, gateway, Requests.SCRAPE_GZIP, nothing);
    byte[][] small = Pushes.smallRequests();
    try (Connection pusher = new Connection(gateway.port())) {
      Before push = number -> pusher.succeed(small[number % small.length]);
      measure(works.gzipPushed, kind, gateway, Requests.SCRAPE_GZIP, push);
    }
    Before pushAll =
        number -> Stages.pushAll(gateway, shape.groups(), group -> shape.put(group, number + 1));
    measure(works.gzipAll, kind, gateway, Requests.SCRAPE_GZIP, pushAll);
  }

  private void measure(
      Work work, Kind kind, BenchmarkedServer gateway, byte[] request, Before before)
      throws IOException {
    if (!options.works().contains(work)) {
      return;
    }
    int warmUp = options.quick() ? 1 : 20;
    double warmUpSeconds = options.quick() ? 0 : 5;
    double[] millis = new double[repetitions];
    int count = 0;
    long bytes = 0;
    long start = System.nanoTime();
    long warm = start + (long) (warmUpSeconds * 1e9);
    long deadline = start + (long) (MAX_SECONDS * 1e9);
    try (Connection connection = new Connection(gateway.port())) {
      for (int i = 0; count < repetitions; i++) {
        before.scrape(i);
        boolean counts = i >= warmUp && System.nanoTime() > warm;
        Response response = connection.succeed(request);
        bytes = response.bodyBytes();
        if (counts) {
          millis[count++] = response.millis();
        }
        if (count > 0 && System.nanoTime() > deadline) {
          break;
        }
      }
    }
    double median = Figures.median(java.util.Arrays.copyOf(millis, count));
    figures.put(work, kind, median, Unit.MEGABYTES.format(bytes / 1e6) + ", n=" + count);
  }

  void listing(Kind kind, BenchmarkedServer gateway) throws IOException {
    if (!options.works().contains(Work.LISTING)) {
      return;
    }
    double[] firstByte = new double[repetitions];
    double[] total = new double[repetitions];
    try (Connection connection = new Connection(gateway.port())) {
      for (int i = -repetitions; i < repetitions; i++) { // The first half warms up.
        Response response = connection.succeed(LISTING);
        firstByte[Math.max(i, 0)] = response.firstByteNanos() / 1e6;
        total[Math.max(i, 0)] = response.millis();
      }
    }
    figures.putMedian(Work.LISTING_FIRST_BYTE, kind, firstByte);
    figures.putMedian(Work.LISTING, kind, total);
  }

  /** Memory after the fill and one scrape, when each has had time to give back what it can. */
  void memory(Work work, Kind kind, BenchmarkedServer gateway) throws IOException {
    if (!options.works().contains(work)) {
      return;
    }
    scrapeAndSettle(gateway);
    String peak = "peak " + Unit.number(gateway.peakMemoryMegabytes());
    figures.put(work, kind, gateway.memoryMegabytes(), peak);
  }

  /** One scrape, and time to give back the memory that it and the filling took. */
  static void scrapeAndSettle(BenchmarkedServer gateway) throws IOException {
    try (Connection connection = new Connection(gateway.port())) {
      connection.succeed(Requests.SCRAPE_GZIP);
    }
    BenchmarkedServer.pause(SETTLING_MILLIS);
  }

  /** The first scrape after a start: when it was done, in milliseconds after the start. */
  static double afterStart(BenchmarkedServer gateway) throws IOException {
    try (Connection connection = new Connection(gateway.port())) {
      Response response = connection.succeed(Requests.SCRAPE_GZIP);
      double scraped = (System.nanoTime() - gateway.startNanos()) / 1e6;
      if (response.bodyBytes() < MIN_SCRAPE_BYTES) {
        throw new IOException("nothing was persisted");
      }
      return scraped;
    }
  }
}
