package dev.pushgateway.bench;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The command line.
 *
 * @param quick fewer repetitions, and nothing with more than 100,000 series
 * @param works what to measure
 */
record Options(
    boolean quick, Set<Work> works, Optional<Path> json, Path jar, List<String> javaOptions) {
  static final String USAGE =
      """
      usage: SideBySide [--quick] [--only WORK]... [--json FILE] [--jar FILE] [--java-options LIST]

        --quick             under two minutes: at most 100,000 series, few repetitions
        --only WORK         only the works whose name begins with WORK; may be given several times
        --json FILE         write the figures to a file, too
        --jar FILE          our jar, by default jetty-embedded/target/pushgateway.jar
        --java-options LIST for our JVM, separated by spaces: '-Xmx1g -XX:+UseSerialGC'

      works:
      """;

  /** What is too much for a quick run. */
  private static final Set<Work> SLOW =
      EnumSet.of(
          Work.RATE_10K_GROUPS,
          Work.CPU_10K_GROUPS,
          Work.FRESH_CPU_100,
          Work.FRESH_CPU_1K,
          Work.FRESH_CPU_10K,
          Work.FRESH_TIME_100,
          Work.FRESH_TIME_1K,
          Work.FRESH_TIME_10K,
          Work.FRESH_SCRAPE,
          Work.LARGE_GZIP_CPU,
          Work.LARGE_GZIP_WALL,
          Work.LARGE_PROTOBUF_CPU,
          Work.LARGE_PROTOBUF_WALL,
          Work.PUSH_20K_GROUPS,
          Work.PUSH_1M,
          Work.SCRAPE_1M_PLAIN,
          Work.SCRAPE_1M_PROTOBUF,
          Work.SCRAPE_1M_GZIP,
          Work.SCRAPE_1M_GZIP_PUSHED,
          Work.SCRAPE_1M_GZIP_ALL,
          Work.SCRAPE_20K_GROUPS_PLAIN,
          Work.SCRAPE_20K_GROUPS_PROTOBUF,
          Work.SCRAPE_20K_GROUPS_GZIP,
          Work.SCRAPE_20K_GROUPS_GZIP_PUSHED,
          Work.SCRAPE_20K_GROUPS_GZIP_ALL,
          Work.BESIDE_NOTHING_1M,
          Work.BESIDE_SCRAPES_1M,
          Work.MEMORY_100K,
          Work.MEMORY_20K_GROUPS,
          Work.MEMORY_1M,
          Work.HEAVY_DONE,
          Work.HEAVY_P99,
          Work.HEAVY_CPU,
          Work.HEAVY_MEMORY,
          Work.RATE_NO_FILE,
          Work.RATE_FILE_5M,
          Work.RATE_FILE_0S_ONE,
          Work.RATE_FILE_0S,
          Work.FILE_1M,
          Work.START_READY,
          Work.START_SCRAPED,
          Work.LAUNCHER_READY,
          Work.LAUNCHER_SCRAPED,
          Work.WIPE_LOADED);

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if it makes no sense, with one sentence why
   */
  static Options parse(String... arguments) {
    boolean quick = false;
    Set<Work> only = EnumSet.noneOf(Work.class);
    Optional<Path> json = Optional.empty();
    Path jar = Path.of("jetty-embedded", "target", "pushgateway.jar");
    List<String> javaOptions = List.of();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> quick = true;
        case "--only" -> only.addAll(worksNamed(value(arguments, ++i)));
        case "--json" -> json = Optional.of(Path.of(value(arguments, ++i)));
        case "--jar" -> jar = Path.of(value(arguments, ++i));
        case "--java-options" -> javaOptions = List.of(value(arguments, ++i).trim().split(" +"));
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    Set<Work> works = only.isEmpty() ? EnumSet.allOf(Work.class) : only;
    if (quick && only.isEmpty()) {
      works.removeAll(SLOW);
    }
    return new Options(quick, works, json, jar, javaOptions);
  }

  private static String value(String[] arguments, int index) {
    if (index == arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }

  private static Set<Work> worksNamed(String start) {
    Set<Work> works = EnumSet.noneOf(Work.class);
    for (Work work : Work.values()) {
      if (work.option().startsWith(start)) {
        works.add(work);
      }
    }
    if (works.isEmpty()) {
      throw new IllegalArgumentException("no work is called " + start);
    }
    return works;
  }
}
