package dev.pushgateway.exposition;

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
 * <p>Immutable and thread-safe; the order is worked out when it is first asked for. Where blocks have
 * been replaced by others with the same series, as pushes usually do, the order of the {@linkplain
 * #successor predecessor} is taken over, and otherwise mended.
 */
public final class MergedFamily {
  /** Mending costs a binary search for each new metric, merging a comparison for each old one. */
  private static final int MENDING_PAYS_BELOW = 16;

  private final FamilyBlock header;
  private final FamilyBlock[] blocks;
  private final int size;

  /** Has an order to start from, until ours is known. */
  private MergedFamily predecessor;

  private volatile SeriesSequence sequence;

  /**
   * Merges blocks.
   *
   * @param blocks at least one, all of one name; the first gives type and help text
   */
  public MergedFamily(List<FamilyBlock> blocks) {
    this(blocks.get(0), blocks.toArray(new FamilyBlock[0]), null);
  }

  private MergedFamily(FamilyBlock header, FamilyBlock[] blocks, MergedFamily predecessor) {
    this.header = header;
    this.blocks = blocks;
    this.predecessor = predecessor;
    int sum = 0;
    for (FamilyBlock block : blocks) {
      sum += block == null ? 0 : block.size();
    }
    size = sum;
  }

  /**
   * Merges blocks some of which were replaced since the last time.
   *
   * @param header gives type and help text
   * @param blocks one for each group, always at the same index; {@code null} where a group has gone.
   *     Not copied
   * @param before the last merge, whose work is reused; {@code null} for the first
   */
  public static MergedFamily successor(
      FamilyBlock header, FamilyBlock[] blocks, MergedFamily before) {
    // The predecessor must not keep its own predecessors alive if nobody asks for its order.
    MergedFamily known =
        before == null || before.sequence != null ? before : before.withoutOrderYet();
    return new MergedFamily(header, blocks, known);
  }

  private synchronized MergedFamily withoutOrderYet() {
    return sequence != null ? this : predecessor;
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

  /** The block that has the metric at a position of the scrape. */
  FamilyBlock block(int position) {
    return blocks[blockAt(position)];
  }

  /** Index into {@link #blocks()} of the block that has the metric at a position of the scrape. */
  int blockAt(int position) {
    return sequence().blockAt(position);
  }

  /** Index within that block of the metric at a position of the scrape. */
  int metricAt(int position) {
    return sequence().metricAt(position);
  }

  /** Whether all names in it are understood by readers that do not know UTF-8 names. */
  boolean hasLegacyNames() {
    for (FamilyBlock block : blocks) {
      if (block != null && !block.hasLegacyNames()) {
        return false;
      }
    }
    return true;
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
    boolean[] changed = new boolean[Math.max(blocks.length, before.blocks.length)];
    int added = 0;
    int changes = 0;
    for (int i = 0; i < changed.length; i++) {
      FamilyBlock was = i < before.blocks.length ? before.blocks[i] : null;
      FamilyBlock is = i < blocks.length ? blocks[i] : null;
      if (was != is && (was == null || is == null || !was.hasSameSeries(is))) {
        changed[i] = true;
        changes++;
        added += is == null ? 0 : is.size();
      }
    }
    if (changes == 0) {
      return before.sequence;
    }
    if ((long) added * MENDING_PAYS_BELOW > size) {
      return SeriesSequence.merge(blocks);
    }
    return before.sequence.mend(before.size, blocks, changed, added);
  }
}
