package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.model.EscapingScheme;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.Labels;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.scrape.ProtobufWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * How many bodies, and how many megabytes of them, a parser makes into blocks in a second. Both
 * formats tell the same metrics.
 *
 * <pre>
 * 2026-11-23, AMD EPYC, JDK 17.0.15, processor time:
 *
 *                    text                            protobuf
 *   NUMBERS_10          7.2 us  6.9 kB allocated       4.8 us  5.5 kB allocated
 *   NUMBERS_15000     6,029 us  1.9 MB                 4,380 us  1.8 MB
 *   HISTOGRAMS_500    3,720 us  2.7 MB                 1,867 us  2.6 MB
 * </pre>
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Benchmark)
public class ParserBenchmark {
  /** What is in a body: 10 or 15,000 numbers, or 500 histograms with twelve buckets. */
  public enum Content {
    NUMBERS_10,
    NUMBERS_15000,
    HISTOGRAMS_500
  }

  @Param public Content content;

  private final TextParser textParser = new TextParser(false);
  private final ProtobufParser protobufParser = new ProtobufParser(false);
  private final GroupingLabels grouping =
      GroupingLabels.of(Labels.of("job", "batch", "instance", "host-00042"));
  private byte[] text = {};
  private byte[] protobuf = {};

  /** Counts megabytes beside operations. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Volume {
    public double megabytes;
  }

  /** Makes the bodies, and proves that both parsers read the same from them. */
  @Setup
  public void setUp() throws Exception {
    text =
        switch (content) {
          case NUMBERS_10 -> BenchmarkBodies.numbers(1, 5, 2, 0);
          case NUMBERS_15000 -> BenchmarkBodies.numbers(1, 15, 1_000, 0);
          case HISTOGRAMS_500 -> BenchmarkBodies.histograms(1, 500, 0);
        };
    List<MergedFamily> families = new ArrayList<>();
    for (FamilyBlock block :
        textParser.parse(text, 0, text.length, GroupingLabels.NONE).families()) {
      families.add(new MergedFamily(List.of(block)));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ProtobufWriter().write(families, EscapingScheme.ALLOW_UTF_8, out);
    protobuf = out.toByteArray();
    requireEqual(
        textParser.parse(text, 0, text.length, grouping).families(),
        protobufParser.parse(protobuf, 0, protobuf.length, grouping).families());
  }

  private static void requireEqual(List<FamilyBlock> expected, List<FamilyBlock> actual) {
    boolean equal = expected.size() == actual.size();
    for (int i = 0; equal && i < expected.size(); i++) {
      equal = Arrays.equals(expected.get(i).text(), actual.get(i).text());
      equal &= expected.get(i).size() > 0 && expected.get(i).problem() == null;
    }
    if (!equal) {
      throw new IllegalStateException("the parsers do not agree");
    }
  }

  /** Text format. */
  @Benchmark
  public ParsedPush text(Volume volume) throws ExpositionException {
    volume.megabytes += text.length / 1e6;
    return textParser.parse(text, 0, text.length, grouping);
  }

  /** Protobuf. */
  @Benchmark
  public ParsedPush protobuf(Volume volume) throws ExpositionException {
    volume.megabytes += protobuf.length / 1e6;
    return protobufParser.parse(protobuf, 0, protobuf.length, grouping);
  }
}
