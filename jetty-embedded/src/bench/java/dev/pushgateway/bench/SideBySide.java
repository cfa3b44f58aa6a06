package dev.pushgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Measures the shipped jar beside a Go gateway found on the PATH, and prints a table of ratios:
 *
 * <pre>
 *   mvn -q -DskipTests package
 *   java -cp jetty-embedded/target/bench-classes dev.pushgateway.bench.SideBySide --quick
 * </pre>
 *
 * <p>The gateways run one after the other, each started anew for each stage, with the same data,
 * the same requests and the same warm-up. Where the Go gateway would take minutes to be filled with
 * its check on, it is filled with the check off, writes its persistence file, and starts from that
 * with the check on. Scrapes, memory and restarts have nothing to do with the check, and are
 * measured with it off. How often something was repeated stands beside each figure ({@code n=}):
 * medians, unless said. Needs Linux, as processor time and memory are read from {@code /proc}.
 */
public final class SideBySide {
  private SideBySide() {}

  /** Runs what the command line asks for; see {@link Options#USAGE}. */
  public static void main(String... arguments) throws IOException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(Options.USAGE);
      for (Work work : Work.values()) {
        System.err.printf("  %-30s %s%n", work.option(), work.title);
      }
      System.exit(2);
      return;
    }
    run(options);
  }

  private static void run(Options options) throws IOException {
    GatewayCommands commands = GatewayCommands.find(options.jar(), options.javaOptions());
    String machine = machine(commands, options);
    System.err.println(machine);
    Figures figures = new Figures();
    long start = System.nanoTime();
    boolean complete = new Stages(commands, options, figures).run();
    Table table = new Table(figures);
    String seconds = String.format(Locale.ROOT, "%.0f s", (System.nanoTime() - start) / 1e9);
    System.out.println(machine + "; took " + seconds + "\n");
    System.out.print(table.markdown());
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), table.json(machine));
    }
    if (!complete) {
      System.exit(1);
    }
  }

  private static String machine(GatewayCommands commands, Options options) throws IOException {
    String processor = "unknown processor";
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("model name")) {
        processor = line.substring(line.indexOf(':') + 2);
        break;
      }
    }
    String memory = Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("\\D", "");
    return String.format(
        Locale.ROOT,
        "%s; %d x %s, %d GB; files in %s (%s); %s %s; JVM %s%s; Go gateway: %s; ours: %s",
        LocalDate.now(ZoneOffset.UTC),
        Runtime.getRuntime().availableProcessors(),
        processor,
        Long.parseLong(memory) >> 20,
        Stages.folder(),
        Files.getFileStore(Stages.folder()).type(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version(),
        options.javaOptions().isEmpty() ? "" : " " + options.javaOptions(),
        commands.has(Kind.GO_CHECKED) ? commands.version(Kind.GO_CHECKED) : "not found on the PATH",
        commands.version(Kind.OURS));
  }
}
