package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A stretch of the metrics of a merged family, some 64 KiB of text: which metric of which block
 * comes at each of its positions. The unit in which compressed output is kept.
 *
 * <p>Immutable, except for the compressed output that is kept with it. A page is only reused as it
 * is while all its blocks stay the same. Its compressed output therefore stays valid.
 */
final class SeriesPage {
  private final int[] blocks;
  private final int[] metrics;

  /** Limit of formats whose compressed output is kept: that of most readers, and another one. */
  private static final int MAX_KEPT = 2;

  /** The compressed stretches of output that start with this page, the newest first. */
  private volatile Kept[] kept = {};

  private record Kept(TextPages format, DeflatedPages deflated) {}

  /** Keeps the arrays, which must not be changed any more. */
  SeriesPage(int[] blocks, int[] metrics) {
    this.blocks = blocks;
    this.metrics = metrics;
  }

  /** A page with the same positions, for blocks of the same series with other values. */
  SeriesPage refreshed() {
    return new SeriesPage(blocks, metrics);
  }

  int size() {
    return blocks.length;
  }

  int block(int position) {
    return blocks[position];
  }

  int metric(int position) {
    return metrics[position];
  }

  /** Returns the compressed stretch of output that starts with this page, if one is kept. */
  Optional<DeflatedPages> deflated(TextPages format) {
    for (Kept one : kept) {
      if (one.format.equals(format)) {
        return Optional.of(one.deflated);
      }
    }
    return Optional.empty();
  }

  /** Keeps a compressed stretch of output, in place of the one in the same format. */
  synchronized void keep(TextPages format, DeflatedPages deflated) {
    Stream<Kept> others = Arrays.stream(kept).filter(one -> !one.format.equals(format));
    Stream<Kept> all = Stream.concat(Stream.of(new Kept(format, deflated)), others);
    kept = all.limit(MAX_KEPT).toArray(Kept[]::new);
  }

  void writeText(FamilyBlock[] sources, ByteArray out) {
    int position = 0;
    while (position < size()) {
      int source = block(position);
      FamilyBlock block = sources[source];
      int first = metric(position);
      int next = first + 1;
      position++;
      // Neighbours in the scrape that are neighbours in their block are copied at once.
      while (position < size() && metric(position) == next && block(position) == source) {
        next++;
        position++;
      }
      out.add(block.text(), block.textStart(first), block.textStart(next));
    }
  }

  boolean hasAnyOf(boolean[] wanted) {
    for (int i = 0; i < size(); i++) {
      if (wanted[block(i)]) {
        return true;
      }
    }
    return false;
  }

  /** The page without the metrics of the given blocks; itself if none is on it. */
  SeriesPage without(boolean[] unwanted) {
    if (!hasAnyOf(unwanted)) {
      return this;
    }
    int[] keptBlocks = new int[size()];
    int[] keptMetrics = new int[size()];
    int kept = 0;
    for (int i = 0; i < size(); i++) {
      if (!unwanted[block(i)]) {
        keptBlocks[kept] = block(i);
        keptMetrics[kept++] = metric(i);
      }
    }
    return new SeriesPage(Arrays.copyOf(keptBlocks, kept), Arrays.copyOf(keptMetrics, kept));
  }

  /** Positions {@code [from, to)} as a page of their own. */
  SeriesPage slice(int from, int to) {
    return new SeriesPage(
        Arrays.copyOfRange(blocks, from, to), Arrays.copyOfRange(metrics, from, to));
  }
}
