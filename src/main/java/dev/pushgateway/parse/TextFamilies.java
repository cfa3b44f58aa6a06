package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockBuilder;
import dev.pushgateway.block.FamilyBuffers;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.block.LabelMerger;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.TextBytes;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The families of one body in text format, found by the names of their samples: {@code foo_sum} is
 * a sample of {@code foo} if that is a summary or a histogram, else of a family of its own.
 *
 * <p>What a name stands for never changes within a body. Not thread-safe.
 */
final class TextFamilies {
  private static final byte[] QUANTILE = TextLines.utf8("quantile");
  private static final byte[] LE = TextLines.utf8("le");
  private static final byte[] NOTHING = {};
  private static final MetricType[] USUAL_TYPES = {MetricType.COUNTER, MetricType.GAUGE};

  private static final byte[] SUM_SUFFIX = TextLines.utf8("_sum");
  private static final byte[] COUNT_SUFFIX = TextLines.utf8("_count");
  private static final byte[] BUCKET_SUFFIX = TextLines.utf8("_bucket");

  private final GroupingLabels grouping;
  private final GroupingRuns.Recent runs;
  private PreviousPush known;
  private final LabelMerger merger;
  private final FamilyBuffers.Pool pool;
  private final boolean utf8Names;
  private final List<Family> families = new ArrayList<>();

  /** By name, whose bytes are characters. */
  private final Map<String, Sample> samples = new HashMap<>();

  TextFamilies(
      GroupingLabels grouping, PreviousPush known, FamilyBuffers.Pool pool, boolean utf8Names) {
    this.grouping = grouping;
    this.runs = new GroupingRuns.Recent(grouping);
    this.known = known;
    this.pool = pool;
    this.utf8Names = utf8Names;
    merger = new LabelMerger(grouping);
  }

  LabelBuffer labels() {
    return merger.labels();
  }

  /** What a name stands for, {@code null} if it is new. */
  Sample find(byte[] name, int from, int to) {
    return samples.get(key(name, from, to));
  }

  private static String key(byte[] name, int from, int to) {
    return new String(name, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Takes in a new name: as part of a summary or histogram if there is one, else as a family. */
  Sample add(byte[] name, int from, int to) {
    byte[] copy = Arrays.copyOfRange(name, from, to);
    Family whole = wholeOf(copy);
    RichMetrics.Part part = whole == null ? RichMetrics.Part.VALUE : partOf(copy);
    if (whole == null) {
      whole = new Family(copy);
      families.add(whole);
    }
    Sample sample = new Sample(copy, whole, part);
    samples.put(key(name, from, to), sample);
    return sample;
  }

  private static RichMetrics.Part partOf(byte[] name) {
    return endsWith(name, SUM_SUFFIX)
        ? RichMetrics.Part.SUM
        : endsWith(name, COUNT_SUFFIX) ? RichMetrics.Part.COUNT : RichMetrics.Part.VALUE;
  }

  /**
   * The summary or histogram that a name with a suffix is a part of; {@code null} if there is none.
   */
  private Family wholeOf(byte[] name) {
    boolean bucket = endsWith(name, BUCKET_SUFFIX);
    byte[] suffix = bucket ? BUCKET_SUFFIX : endsWith(name, SUM_SUFFIX) ? SUM_SUFFIX : COUNT_SUFFIX;
    if (!endsWith(name, suffix)) {
      return null;
    }
    int end = name.length - suffix.length;
    Sample whole = find(name, 0, end);
    if (whole == null || whole.family.name.length != end) {
      return null;
    }
    MetricType type = whole.family.type;
    boolean histogram = type != null && type.isHistogram();
    return histogram || type == MetricType.SUMMARY && !bucket ? whole.family : null;
  }

  private static boolean endsWith(byte[] name, byte[] suffix) {
    int from = name.length - suffix.length;
    return from > 0 && Arrays.equals(name, from, name.length, suffix, 0, suffix.length);
  }

  /** Takes nothing for a repetition any more. */
  void stopRepeating() {
    if (known != PreviousPush.NONE) {
      known = PreviousPush.NONE;
      families.forEach(Family::stopRepeating);
    }
  }

  /** Finished blocks of all families that have metrics. */
  List<FamilyBlock> build() {
    List<FamilyBlock> blocks = new ArrayList<>(families.size());
    for (Family family : families) {
      FamilyBlock block = family.build();
      if (block.size() > 0) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  /** The type that a TYPE line names, {@code null} for one there is not. */
  static MetricType typeOf(byte[] text, int from, int to) {
    for (MetricType type : USUAL_TYPES) {
      byte[] name = type.textName();
      if (Arrays.equals(text, from, to, name, 0, name.length)) {
        return type;
      }
    }
    // The Go parser drops backslashes here, and takes any case.
    String word =
        new String(text, from, to - from, StandardCharsets.UTF_8)
            .replace("\\", "")
            .toUpperCase(Locale.ROOT);
    for (MetricType type : MetricType.values()) {
      if (word.equals(type.name()) || word.equals(type.name().replace("_", ""))) {
        return type;
      }
    }
    return null;
  }

  final class Family {
    private final byte[] name;
    private final String text;
    private MetricType type;
    private String help;

    /** The family before, as long as this one repeats it; else {@code null}. */
    private RepeatedFamily repeated;

    /** The metrics, once they are no repetition; {@code null} before. */
    private FamilyBlockBuilder builder;

    /** Its summaries or histograms; {@code null} for a family of numbers. */
    private RichMetrics metrics;

    private Family(byte[] name) {
      this.name = name;
      text = new String(name, StandardCharsets.UTF_8);
      repeated = RepeatedFamily.of(known.named(text), runs, pool);
    }

    String quotedName() {
      return TextBytes.quote(name, 0, name.length);
    }

    String help() {
      return help;
    }

    void help(String newHelp) {
      help = newHelp;
    }

    /** The type, or {@code null} as long as it is not known. */
    MetricType type() {
      return type;
    }

    void type(MetricType newType) {
      type = newType;
      metrics = newType.isNumber() ? null : new RichMetrics(newType);
      if (repeated != null && repeated.type() != newType) {
        repeated = null; // Nothing has been taken: the type comes before all samples.
      }
    }

    /** The label that tells a quantile or a bucket; empty for a family of numbers. */
    byte[] boundName() {
      return metrics == null ? NOTHING : type == MetricType.SUMMARY ? QUANTILE : LE;
    }

    private FamilyBlockBuilder builder() {
      if (builder == null) {
        builder = new FamilyBlockBuilder(text, grouping, merger, pool, utf8Names);
        if (type != null) {
          builder.type(type);
        }
      }
      return builder;
    }

    /** Takes what was a repetition so far as if it had not been. Overwrites the labels. */
    private void stopRepeating() {
      if (repeated != null) {
        repeated.replay(builder());
        repeated = null;
      }
    }

    private FamilyBlock build() {
      if (repeated != null && repeated.isComplete()) {
        return repeated.build(help);
      }
      stopRepeating();
      FamilyBlockBuilder all = builder();
      all.help(help);
      if (metrics != null) {
        metrics.addTo(all);
      }
      return all.build();
    }
  }

  /** What the name of a sample stands for. */
  static final class Sample {
    /** Stands for nothing, and is found nowhere. */
    static final Sample NONE = new Sample(new byte[0], null, RichMetrics.Part.VALUE);

    private final byte[] name;
    private final Family family;
    private final RichMetrics.Part part;
    private final boolean plain;

    private Sample(byte[] name, Family family, RichMetrics.Part part) {
      this.name = name;
      this.family = family;
      this.part = part;
      plain = TextLines.isLegacyMetricName(name, 0, name.length);
    }

    Family family() {
      return family;
    }

    int length() {
      return name.length;
    }

    /** Whether the name stands at {@code at}, without quotes; there must be room for it. */
    boolean isAt(byte[] text, int at) {
      return plain && Arrays.equals(text, at, at + name.length, name, 0, name.length);
    }

    /**
     * Takes the rest of a line if it repeats what was pushed before; if not, nothing of this family
     * will any more.
     *
     * @param at behind the name
     * @param to the end of the body
     * @return where the line ends, -1 if it is to be parsed
     */
    int repeat(byte[] body, int at, int to) {
      if (family.repeated == null) {
        return -1;
      }
      int end = family.repeated.take(body, at, to);
      if (end < 0) {
        family.stopRepeating();
      }
      return end;
    }

    /** Adds a sample with the labels in the buffer, and the value of its bound label or NaN. */
    void add(double value, double bound) {
      if (family.metrics == null) {
        family.builder().addNumber(value, true);
      } else {
        family.metrics.add(family.builder().labels(), part, value, bound);
      }
    }
  }
}
