package dev.pushgateway.parse;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockBuilder;
import dev.pushgateway.block.FamilyBuffers;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.block.LabelBuffer;
import dev.pushgateway.block.LabelMerger;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.TextBytes;
import dev.pushgateway.bytes.Utf8;
import dev.pushgateway.model.ExpositionException;
import dev.pushgateway.model.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The families of one body in text format, by the names of their samples. {@code foo_sum} is a
 * sample of {@code foo} if that is a summary or a histogram. Otherwise it belongs to a family of
 * its own.
 *
 * <p>The meaning of a name never changes within a body. Not thread-safe.
 */
final class TextFamilies {
  private static final byte[] QUANTILE = TextLines.utf8("quantile");
  private static final byte[] LE = TextLines.utf8("le");
  private static final byte[] NOTHING = {};
  private static final MetricType[] USUAL_TYPES = {MetricType.COUNTER, MetricType.GAUGE};

  /**
   * The cost of a family until its block is built, as bytes of text of which three copies exist. A
   * family has buffers of 600 bytes and about 20 objects. A body of 2.5 MB with 300,000 names
   * filled 256 MB (2026-11-24).
   */
  static final int FAMILY_BYTES = 400;

  private final GroupingLabels grouping;
  private final GroupingRuns.Recent runs;
  private PreviousPush known;
  private final LabelMerger merger;
  private final FamilyBuffers.Pool pool;
  private final boolean utf8Names;

  /** The types, by name, of families whose TYPE lines may come after their samples. */
  private final Map<String, MetricType> declared;

  private final List<Family> families = new ArrayList<>();

  /** The samples by name. Each byte of a name is one character. */
  private final Map<String, Sample> samples = new HashMap<>();

  /**
   * Creates an empty set of families.
   *
   * @param declared types of families, by name, that are known before their TYPE lines are read
   */
  TextFamilies(
      PushContext context,
      FamilyBuffers.Pool pool,
      boolean utf8Names,
      Map<String, MetricType> declared) {
    GroupingLabels grouping = context.grouping();
    this.declared = declared;
    this.grouping = grouping;
    this.runs = new GroupingRuns.Recent(grouping);
    this.known = context.known();
    this.pool = pool;
    this.utf8Names = utf8Names;
    merger = new LabelMerger(grouping);
  }

  LabelBuffer labels() {
    return merger.labels();
  }

  /** Returns the sample that a name stands for; {@code null} if the name is new. */
  private Sample find(byte[] name, int from, int to) {
    return samples.get(key(name, from, to));
  }

  private static String key(byte[] name, int from, int to) {
    return new String(name, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns the sample for the name that a cursor has read. Creates a family if necessary.
   *
   * @param nameAt where the name starts, for messages
   */
  Sample named(TextCursor in, int nameAt, TextMemory memory) throws ExpositionException {
    Sample known = find(in.name, in.nameFrom, in.nameTo);
    if (known != null) {
      return known;
    }
    boolean valid =
        utf8Names
            ? in.nameTo > in.nameFrom && Utf8.isValid(in.name, in.nameFrom, in.nameTo)
            : TextLines.isLegacyMetricName(in.name, in.nameFrom, in.nameTo);
    if (!valid) {
      throw in.error(nameAt, "invalid metric name " + in.quotedName());
    }
    memory.take(FAMILY_BYTES, in);
    return add(in.name, in.nameFrom, in.nameTo);
  }

  /** Adds a new name: as part of a known summary or histogram, or else as a family. */
  private Sample add(byte[] name, int from, int to) {
    byte[] copy = Arrays.copyOfRange(name, from, to);
    PartSuffix suffix = PartSuffix.of(copy);
    Family whole = suffix == null ? null : wholeOf(copy, suffix);
    Sample sample =
        whole == null
            ? new Sample(copy, newFamily(copy), RichMetrics.Part.VALUE)
            : new Sample(copy, whole, suffix.part());
    samples.put(key(name, from, to), sample);
    return sample;
  }

  private Family newFamily(byte[] name) {
    Family family = new Family(name);
    families.add(family);
    return family;
  }

  /** Returns the summary or histogram of which a name is a part; {@code null} if there is none. */
  private Family wholeOf(byte[] name, PartSuffix suffix) {
    int end = name.length - suffix.length();
    Sample whole = find(name, 0, end);
    if (!declared.isEmpty()) {
      if (declared.containsKey(text(name, name.length))) {
        return null; // Its TYPE line makes it a family of its own.
      }
      MetricType type = declared.get(text(name, end));
      whole = whole == null && type != null && suffix.isPartOf(type) ? add(name, 0, end) : whole;
    }
    boolean isWhole = whole != null && !whole.isPart() && whole.family.type != null;
    return isWhole && suffix.isPartOf(whole.family.type) ? whole.family : null;
  }

  private static String text(byte[] name, int length) {
    return new String(name, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * Returns whether a type changes the meaning of earlier lines. These may be lines of the family,
   * or lines of other families that turn out to be parts of it.
   */
  boolean isLate(MetricType type, Family family) {
    if (family.type != null && family.type != type) {
      return true;
    }
    for (PartSuffix suffix : PartSuffix.values()) {
      if (suffix.isPartOf(type)) {
        byte[] name = suffix.after(family.name);
        Sample part = find(name, 0, name.length);
        if (part != null && !part.isPart() && !part.family.isTyped) {
          return true;
        }
      }
    }
    return false;
  }

  /** Stops looking for repetitions in all families. */
  void stopRepeating() {
    if (known != PreviousPush.NONE) {
      known = PreviousPush.NONE;
      families.forEach(Family::stopRepeating);
    }
  }

  /** Returns the finished blocks of all families that have metrics. */
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

  /** Returns the type that a TYPE line names; {@code null} if no type has this name. */
  static MetricType typeOf(byte[] text, int from, int to) {
    for (MetricType type : USUAL_TYPES) {
      byte[] name = type.textName();
      if (Arrays.equals(text, from, to, name, 0, name.length)) {
        return type;
      }
    }
    // The Go parser drops backslashes here and accepts any case.
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
    private boolean isTyped;
    private String help;

    /** The repetition of the previous family; {@code null} if this family does not repeat it. */
    private RepeatedFamily repeated;

    /** The metrics of a family that is no repetition; {@code null} before the first. */
    private FamilyBlockBuilder builder;

    /** The summaries or histograms; {@code null} in a family of numbers. */
    private RichMetrics metrics;

    private Family(byte[] name) {
      this.name = name;
      text = text(name, name.length);
      repeated = RepeatedFamily.of(known.named(text), runs, pool);
      MetricType early = declared.get(text);
      if (early != null) {
        type(early, true);
      }
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

    /** Returns the type; {@code null} before it is known. */
    MetricType type() {
      return type;
    }

    /** Returns whether a TYPE line has given the type. */
    boolean isTyped() {
      return isTyped;
    }

    /**
     * Sets the type. It must come before all samples, or be the type that they were read as.
     *
     * @param isTold whether it comes from a TYPE line
     */
    void type(MetricType newType, boolean isTold) {
      isTyped = isTold;
      if (type == newType) {
        return;
      }
      type = newType;
      metrics = newType.isNumber() ? null : new RichMetrics(newType);
      if (repeated != null && repeated.type() != newType) {
        repeated = null; // Nothing has been taken yet.
      }
    }

    /** Returns the name of the label for a quantile or a bucket; empty for a family of numbers. */
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

    /**
     * Adds the repeated metrics to a builder, as if they were new. Overwrites the labels in the
     * buffer.
     */
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

  /** The meaning of a sample name. */
  static final class Sample {
    /** A sample that matches no name. */
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

    String quotedName() {
      return TextBytes.quote(name, 0, name.length);
    }

    /** Returns whether the name is that of a part: longer than the family's name. */
    boolean isPart() {
      return name.length != family.name.length;
    }

    /** Returns whether a line is a count of a histogram. Such a count cannot be negative. */
    boolean isCount(double bound) {
      return family.type.isHistogram()
          && (part == RichMetrics.Part.COUNT || part == RichMetrics.Part.VALUE && bound == bound);
    }

    /**
     * Returns whether the unquoted name stands at {@code at}. The text must be long enough for it.
     */
    boolean isAt(byte[] text, int at) {
      return plain && Arrays.equals(text, at, at + name.length, name, 0, name.length);
    }

    /**
     * Takes the rest of a line if it repeats the previous push. If not, the family stops looking
     * for repetitions.
     *
     * @param at the offset behind the name
     * @param to the end of the body
     * @return the end of the line; -1 if the line is to be parsed
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

    /**
     * Adds a sample with the labels in the buffer.
     *
     * @param bound the value of {@code quantile} or {@code le}; NaN if there is none
     */
    void add(double value, double bound) {
      if (family.metrics == null) {
        family.builder().addNumber(value, true);
      } else {
        family.metrics.add(family.builder().labels(), part, value, bound);
      }
    }
  }
}
