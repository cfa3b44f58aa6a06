package dev.pushgateway.store;

import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.parse.BenchmarkBodies;
import dev.pushgateway.parse.ParsedPush;
import dev.pushgateway.parse.ProtobufParser;
import dev.pushgateway.scrape.ProtobufWriter;
import dev.pushgateway.scrape.TextWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a scrape takes, in each encoding, and after more or less was pushed.
 *
 * <pre>
 * 2026-11-22, AMD EPYC, JDK 17.0.15, other work on both cores, hence processor time:
 *
 *                         GROUPS_1000_OF_1000    GROUPS_20000_OF_10
 *   plain                      17.5 ms                13.2 ms
 *   plainAfterSmallPush        20.3 ms                14.9 ms
 *   protobuf                    204 ms (2026-11-23)    117 ms
 *   gzip                        2.9 ms                 2.5 ms
 *   gzipAfterSmallPush         10.2 ms                 6.7 ms
 *   gzipAfterAllPushed          804 ms                 200 ms
 *   plainAfterAllPushed          24 ms                  24 ms
 * </pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@State(Scope.Benchmark)
public class ScrapeBenchmark {
  private static final int GROUP = 9_999_999;

  /** How the series are spread: few groups of 1,000, or many of 10. */
  public enum Shape {
    GROUPS_100_OF_1000(100, 10, 100),
    GROUPS_1000_OF_1000(1_000, 10, 100),
    GROUPS_20000_OF_10(20_000, 5, 2);

    final int groups;
    final int families;
    final int seriesPerFamily;

    Shape(int groups, int families, int seriesPerFamily) {
      this.groups = groups;
      this.families = families;
      this.seriesPerFamily = seriesPerFamily;
    }
  }

  @Param public Shape shape;

  private BenchmarkStore filled;
  private final Push[] small = new Push[2];
  private int turn;

  /** Fills the store, and proves that all encodings tell the same. */
  @Setup
  public void setUp() throws Exception {
    filled = new BenchmarkStore(shape.groups, shape.families, shape.seriesPerFamily);
    for (int i = 0; i < 2; i++) {
      small[i] = filled.push(GROUP, BenchmarkBodies.numbers(GROUP, 5, 2, i));
      filled.store.push(small[i]);
      requireSame();
    }
  }

  private void requireSame() throws Exception {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    new TextWriter().write(filled.store.families(), EscapingScheme.ALLOW_UTF_8, plain);
    byte[] gzip = gzip(new ByteArrayOutputStream()).toByteArray();
    byte[] unzipped = new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes();
    if (!Arrays.equals(plain.toByteArray(), unzipped)) {
      throw new IllegalStateException("gzip tells something else than plain text");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ProtobufWriter().write(filled.store.families(), EscapingScheme.ALLOW_UTF_8, out);
    byte[] protobuf = out.toByteArray();
    ParsedPush parsed =
        new ProtobufParser(true).parse(protobuf, 0, protobuf.length, GroupingLabels.NONE);
    long metrics = parsed.families().stream().mapToLong(family -> family.size()).sum();
    if (metrics != filled.store.totals().metrics()) {
      throw new IllegalStateException("protobuf tells " + metrics + " metrics");
    }
  }

  private <T extends OutputStream> T gzip(T out) throws Exception {
    new TextWriter().writeGzip(filled.store.families(), EscapingScheme.ALLOW_UTF_8, out);
    return out;
  }

  /** Nothing has changed; plain text. */
  @Benchmark
  public Object plain() throws Exception {
    OutputStream out = OutputStream.nullOutputStream();
    new TextWriter().write(filled.store.families(), EscapingScheme.ALLOW_UTF_8, out);
    return out;
  }

  /** After a push of ten series; plain text. */
  @Benchmark
  public Object plainAfterSmallPush() throws Exception {
    filled.store.push(small[turn++ & 1]);
    return plain();
  }

  /** Nothing has changed; protobuf. */
  @Benchmark
  public Object protobuf() throws Exception {
    OutputStream out = OutputStream.nullOutputStream();
    new ProtobufWriter().write(filled.store.families(), EscapingScheme.ALLOW_UTF_8, out);
    return out;
  }

  /** Nothing has changed; gzip. */
  @Benchmark
  public Object gzip() throws Exception {
    return gzip(OutputStream.nullOutputStream());
  }

  /** After a push of ten series; gzip. */
  @Benchmark
  public Object gzipAfterSmallPush() throws Exception {
    filled.store.push(small[turn++ & 1]);
    return gzip(OutputStream.nullOutputStream());
  }

  /** Pushes every group before each scrape, off the clock. */
  @State(Scope.Benchmark)
  public static class EveryGroupPushed {
    private int variant;

    /** New values for all. */
    @Setup(Level.Invocation)
    public void push(ScrapeBenchmark benchmark) throws Exception {
      benchmark.filled.pushAll(++variant);
    }
  }

  /** After every group was pushed; gzip. */
  @Benchmark
  public Object gzipAfterAllPushed(EveryGroupPushed pushed) throws Exception {
    return gzip(OutputStream.nullOutputStream());
  }

  /** After every group was pushed; plain text. */
  @Benchmark
  public Object plainAfterAllPushed(EveryGroupPushed pushed) throws Exception {
    return plain();
  }
}
