package dev.pushgateway.store;

import dev.pushgateway.parse.BenchmarkBodies;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long a push takes from the parsed body on, with nothing or much stored; it must not depend on
 * that. Run it with {@code -prof gc}: allocation must not, either.
 *
 * <pre>
 * 2026-11-22, AMD EPYC, JDK 17.0.15, other work on both cores, hence processor time:
 *
 *   stored               0            100,000          1,000,000
 *   small               7.9 us           4.5 us           2.7 us     4.0 kB allocated
 *   smallOtherSeries    4.2 us           4.9 us           3.1 us     4.0 kB
 *   large                26 us            21 us            13 us     5.4 kB
 *   largeOtherSeries  1,980 us         2,162 us         4,438 us     5.4 kB
 * </pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@State(Scope.Benchmark)
public class PushBenchmark {
  private static final int SERIES_PER_GROUP = 1_000;
  private static final int GROUP = 9_999_999;

  @Param({"0", "100000", "1000000"})
  public int stored;

  private BenchmarkStore filled;
  private byte[] smallBody;
  private final Push[] small = new Push[2];
  private final Push[] smallOtherSeries = new Push[2];
  private final Push[] large = new Push[2];
  private final Push[] largeOtherSeries = new Push[2];
  private int turn;

  /** Fills the store, and proves that a push shows in it. */
  @Setup
  public void setUp() throws Exception {
    filled = new BenchmarkStore(stored / SERIES_PER_GROUP, 10, SERIES_PER_GROUP / 10);
    smallBody = BenchmarkBodies.numbers(GROUP, 5, 2, 0);
    for (int i = 0; i < 2; i++) {
      small[i] = filled.push(GROUP, BenchmarkBodies.numbers(GROUP, 5, 2, i));
      smallOtherSeries[i] = filled.push(GROUP, BenchmarkBodies.numbers(GROUP + i, 5, 2, i));
      large[i] = filled.push(GROUP, BenchmarkBodies.numbers(GROUP, 15, 1_000, i));
      largeOtherSeries[i] = filled.push(GROUP, BenchmarkBodies.numbers(GROUP + i, 15, 1_000, i));
    }
    long before = filled.store.totals().metrics();
    filled.store.push(small[0]);
    if (filled.store.totals().metrics() != before + 10 + 2) {
      throw new IllegalStateException("the push does not show: " + filled.store.totals());
    }
  }

  /** Ten series that were there before, with new values: what most pushes are. */
  @Benchmark
  public void small() throws Exception {
    filled.store.push(small[turn++ & 1]);
  }

  /** The same from the bytes of the body on. */
  @Benchmark
  public void smallParsed() throws Exception {
    filled.store.push(filled.push(GROUP, smallBody));
  }

  /** Ten series in place of ten others. */
  @Benchmark
  public void smallOtherSeries() throws Exception {
    filled.store.push(smallOtherSeries[turn++ & 1]);
  }

  /** 15,000 series that were there before. */
  @Benchmark
  public void large() throws Exception {
    filled.store.push(large[turn++ & 1]);
  }

  /** 15,000 series in place of others. */
  @Benchmark
  public void largeOtherSeries() throws Exception {
    filled.store.push(largeOtherSeries[turn++ & 1]);
  }
}
