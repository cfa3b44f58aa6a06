package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.MetricType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The blocks of one family from all groups, with the order of their metrics in a scrape.
 *
 * <pre>
 *   blocks     0: a c d      1: (none)      2: b
 *   position   0    1    2    3
 *   block      0    2    0    0
 *   metric     0    0    1    2
 * </pre>
 *
 * <p>Immutable and thread-safe. The order is computed when it is first needed. A push usually
 * replaces a block by one with the same series. The order of the {@linkplain #successor
 * predecessor} is then reused. If few series have changed, it is mended.
 */
public final class MergedFamily {
  /**
   * The minimum ratio of all metrics to new ones at which mending pays. Mending needs a binary
   * search for each new metric; merging needs a comparison for each metric.
   */
  private static final int MENDING_PAYS_BELOW = 16;

  /**
   * The memory for finding the order of one metric: four arrays of ints. In G1, a large array may
   * take twice its length.
   */
  private static final long ORDERING_BYTES = 32;

  private static final byte[] HELP = TextLines.utf8("# HELP ");
  private static final byte[] TYPE = TextLines.utf8("# TYPE ");

  private final FamilyBlock header;

  /** True if this is a successor. The next one will then be similar. */
  private final boolean recurring;

  private final FamilyBlock[] blocks;
  private final int size;
  private final long textLength;
  private final boolean legacyNames;

  /** The family whose order is the starting point, until the order of this one is known. */
  private MergedFamily predecessor;

  private volatile SeriesSequence sequence;

  /**
   * Merges blocks.
   *
   * @param blocks at least one, all of the same name; the first gives type and help text
   */
  public MergedFamily(List<FamilyBlock> blocks) {
    this(blocks.get(0), blocks.toArray(new FamilyBlock[0]), null, false);
  }

  /**
   * Merges blocks.
   *
   * @param header gives type and help text
   * @param blocks at least one, all of the same name
   */
  static MergedFamily of(FamilyBlock header, List<FamilyBlock> blocks) {
    return new MergedFamily(header, blocks.toArray(new FamilyBlock[0]), null, false);
  }

  private MergedFamily(
      FamilyBlock header, FamilyBlock[] blocks, MergedFamily predecessor, boolean recurring) {
    this.header = header;
    this.recurring = recurring;
    this.blocks = blocks;
    this.predecessor = predecessor;
    int sizes = 0;
    long lengths = 0;
    boolean legacy = true;
    for (FamilyBlock block : blocks) {
      if (block != null) {
        sizes += block.size();
        lengths += block.text().length;
        legacy &= block.hasLegacyNames();
      }
    }
    size = sizes;
    textLength = lengths;
    legacyNames = legacy;
  }

  /**
   * Merges blocks after some of them were replaced.
   *
   * @param header gives type and help text
   * @param blocks one for each group, always at the same index; {@code null} if the group has gone.
   *     Not copied
   * @param before the previous merge, whose order is reused; {@code null} for the first
   */
  public static MergedFamily successor(
      FamilyBlock header, FamilyBlock[] blocks, MergedFamily before) {
    // The predecessor must not keep its own predecessors in memory while its order is not needed.
    MergedFamily known =
        before == null || before.sequence != null ? before : before.withoutOrderYet();
    return new MergedFamily(header, blocks, known, true);
  }

  private synchronized MergedFamily withoutOrderYet() {
    return sequence != null ? this : predecessor;
  }

  /** Returns the block that gives type and help text. */
  FamilyBlock header() {
    return header;
  }

  public String name() {
    return header.name();
  }

  public MetricType type() {
    return header.type();
  }

  /** Returns the help text; {@code null} if there is none. */
  public String help() {
    return header.help();
  }

  /** Returns the unit; {@code null} if there is none. */
  public String unit() {
    return header.unit();
  }

  /** Returns the blocks; {@code null} for each group that has gone. */
  public List<FamilyBlock> blocks() {
    return Collections.unmodifiableList(Arrays.asList(blocks));
  }

  /** Returns the number of metrics in all blocks. */
  public int size() {
    return size;
  }

  /** Returns the length of all sample lines, in bytes. */
  long textLength() {
    return textLength;
  }

  /** Returns an upper bound of the length of the header, in bytes: three for each character. */
  long headerLength() {
    return 3L * (2 * name().length() + (help() == null ? 0 : help().length()));
  }

  boolean hasLegacyNames() {
    return legacyNames;
  }

  /** Returns about how much memory {@link #order} needs, in bytes; 0 if the order is known. */
  public long orderingBytes() {
    return sequence == null ? ORDERING_BYTES * size : 0;
  }

  /** Computes the order of the metrics and keeps it. */
  public void order() {
    sequence();
  }

  private SeriesSequence sequence() {
    SeriesSequence known = sequence;
    return known != null ? known : workOut();
  }

  private synchronized SeriesSequence workOut() {
    if (sequence == null) {
      boolean fromScratch = predecessor == null || predecessor.sequence == null;
      sequence = fromScratch ? SeriesSequence.merge(blocks) : mend(predecessor);
      predecessor = null;
    }
    return sequence;
  }

  private SeriesSequence mend(MergedFamily before) {
    int length = Math.max(blocks.length, before.blocks.length);
    boolean[] changed = new boolean[length];
    boolean[] touched = new boolean[length];
    boolean any = false;
    int added = 0;
    for (int i = 0; i < length; i++) {
      FamilyBlock was = i < before.blocks.length ? before.blocks[i] : null;
      FamilyBlock is = i < blocks.length ? blocks[i] : null;
      touched[i] = was != is && was != null && is != null && was.hasSameSeries(is);
      changed[i] = was != is && !touched[i];
      any |= was != is;
      added += changed[i] && is != null ? is.size() : 0;
    }
    if (!any) {
      return before.sequence;
    }
    if ((long) added * MENDING_PAYS_BELOW > size) {
      return SeriesSequence.merge(blocks);
    }
    return before.sequence.mend(before.blocks, blocks, changed, touched);
  }

  /** Returns the pages of the scrape. Write them with {@link #blockArray()}. */
  SeriesPage[] pages() {
    return sequence().pages();
  }

  /** Returns the array of {@link #blocks()}, which must not be changed. */
  FamilyBlock[] blockArray() {
    return blocks;
  }

  /**
   * Returns the HELP and TYPE lines.
   *
   * @param shownName the name, perhaps escaped
   */
  byte[] textHeader(String shownName) {
    ByteArray text = new ByteArray(256);
    byte[] nameBytes = TextLines.utf8(shownName);
    if (help() != null) {
      text.add(HELP);
      TextLines.addName(text, nameBytes, 0, nameBytes.length);
      text.add(' ');
      byte[] help = TextLines.utf8(help());
      TextLines.addEscaped(text, help, 0, help.length, false);
      text.add('\n');
    }
    text.add(TYPE);
    TextLines.addName(text, nameBytes, 0, nameBytes.length);
    text.add(' ');
    text.add(type().textName());
    text.add('\n');
    return text.toArray();
  }

  /** Returns whether the pages may be the same in the next scrape. */
  public boolean isWorthKeeping() {
    return recurring;
  }

  /** Returns the part of the header that the pages do not imply, for comparison by value. */
  Object shownHeader() {
    return help() == null ? type() : help();
  }
}
