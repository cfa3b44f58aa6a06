package dev.pushgateway.exposition;

import java.util.List;

/**
 * The blocks of one family from all groups, put in the order in which a scrape has their metrics.
 *
 * <p>Immutable and thread-safe; what is derived from it is derived once and kept.
 */
public final class MergedFamily {
  private final List<FamilyBlock> blocks;

  /**
   * Merges blocks.
   *
   * @param blocks at least one, all of one name; the first gives type and help text
   */
  public MergedFamily(List<FamilyBlock> blocks) {
    this.blocks = List.copyOf(blocks);
  }

  public String name() {
    return blocks.get(0).name();
  }

  public MetricType type() {
    return blocks.get(0).type();
  }

  /** The help text, or {@code null} if there is none. */
  public String help() {
    return blocks.get(0).help();
  }

  /** The unit, or {@code null} if there is none. */
  public String unit() {
    return blocks.get(0).unit();
  }

  public List<FamilyBlock> blocks() {
    return blocks;
  }

  /** How many metrics there are in all. */
  public int size() {
    return blocks.stream().mapToInt(FamilyBlock::size).sum();
  }

  /** Index into {@link #blocks()} of the block that has the metric at a position of the scrape. */
  int blockAt(int position) {
    throw new UnsupportedOperationException();
  }

  /** Index within that block of the metric at a position of the scrape. */
  int metricAt(int position) {
    throw new UnsupportedOperationException();
  }

  /** Whether all names in it are understood by readers that do not know UTF-8 names. */
  boolean hasLegacyNames() {
    return blocks.stream().allMatch(FamilyBlock::hasLegacyNames);
  }
}
