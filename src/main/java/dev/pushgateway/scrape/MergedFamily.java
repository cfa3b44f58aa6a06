package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.TextLines;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.model.MetricType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The blocks of one family from all groups, put in the order in which a scrape has their metrics.
 *
 * <pre>
 *   blocks     0: a c d      1: (none)      2: b
 *   position   0    1    2    3
 *   block      0    2    0    0
 *   metric     0    0    1    2
 * </pre>
 *
 * <p>Immutable and thread-safe; the order is worked out when it is first asked for. Where blocks
 * have been replaced by others with the same series, as pushes usually do, the order of the
 * {@linkplain #successor predecessor} is taken over, and otherwise mended.
 */
public final class MergedFamily {
  /** Mending costs a binary search for each new metric, merging a comparison for each old one. */
  private static final int MENDING_PAYS_BELOW = 16;

  /**
   * Four arrays with a number for each metric, which may take twice their length, as G1 has them.
   */
  private static final long ORDERING_BYTES = 32;

  private static final byte[] HELP = TextLines.utf8("# HELP ");
  private static final byte[] TYPE = TextLines.utf8("# TYPE ");

  private final FamilyBlock header;

  /** Whether this is one of a line of successors, of which the next will be much like this one. */
  private final boolean recurring;

  private final FamilyBlock[] blocks;
  private final int size;
  private final long textLength;
  private final boolean legacyNames;

  /** Has an order to start from, until ours is known. */
  private MergedFamily predecessor;

  private volatile SeriesSequence sequence;

  /**
   * Merges blocks.
   *
   * @param blocks at least one, all of one name; the first gives type and help text
   */
  public MergedFamily(List<FamilyBlock> blocks) {
    this(blocks.get(0), blocks.toArray(new FamilyBlock[0]), null, false);
  }

  /**
   * Merges blocks.
   *
   * @param header gives type and help text
   * @param blocks at least one, all of one name
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
   * Merges blocks some of which were replaced since the last time.
   *
   * @param header gives type and help text
   * @param blocks one for each group, always at the same index; {@code null} where a group has
   *     gone. Not copied
   * @param before the last merge, whose work is reused; {@code null} for the first
   */
  public static MergedFamily successor(
      FamilyBlock header, FamilyBlock[] blocks, MergedFamily before) {
    // The predecessor must not keep its own predecessors alive if nobody asks for its order.
    MergedFamily known =
        before == null || before.sequence != null ? before : before.withoutOrderYet();
    return new MergedFamily(header, blocks, known, true);
  }

  private synchronized MergedFamily withoutOrderYet() {
    return sequence != null ? this : predecessor;
  }

  /** The block that gives type and help text. */
  FamilyBlock header() {
    return header;
  }

  public String name() {
    return header.name();
  }

  public MetricType type() {
    return header.type();
  }

  /** The help text, or {@code null} if there is none. */
  public String help() {
    return header.help();
  }

  /** The unit, or {@code null} if there is none. */
  public String unit() {
    return header.unit();
  }

  /** The blocks; {@code null} where a group has gone. */
  public List<FamilyBlock> blocks() {
    return Collections.unmodifiableList(Arrays.asList(blocks));
  }

  /** How many metrics there are in all. */
  public int size() {
    return size;
  }

  /** How long the sample lines of all metrics are, in bytes. */
  long textLength() {
    return textLength;
  }

  /** How long the header is, in bytes, or more: each character takes three at most. */
  long headerLength() {
    return 3L * (2 * name().length() + (help() == null ? 0 : help().length()));
  }

  boolean hasLegacyNames() {
    return legacyNames;
  }

  /**
   * Returns about how much memory {@link #order} takes while it works, in bytes; 0 if the order is
   * known.
   */
  public long orderingBytes() {
    return sequence == null ? ORDERING_BYTES * size : 0;
  }

  /** Works out the order of the metrics, which is then kept. */
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

  /** The pages of the scrape, to be written with {@link #blockArray()}. */
  SeriesPage[] pages() {
    return sequence().pages();
  }

  /** As {@link #blocks()}; not to be changed. */
  FamilyBlock[] blockArray() {
    return blocks;
  }

  /** HELP and TYPE lines, under a name that may have been escaped. */
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

  /** Returns whether it may be the same, page by page, in the next scrape. */
  public boolean isWorthKeeping() {
    return recurring;
  }

  /** What makes the header of this family, apart from what its pages imply; by value. */
  Object shownHeader() {
    return help() == null ? type() : help();
  }
}
