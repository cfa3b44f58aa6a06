package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.DrainedBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of the metrics of a merged family, some 64 KiB of text or one long metric: which metric
 * of which block comes at each of its positions. The unit in which compressed output is kept.
 *
 * <p>Immutable, except for its length and the compressed output that are kept with it. A page is
 * only reused as it is while all its blocks stay the same. Its compressed output therefore stays
 * valid.
 */
final class SeriesPage {
  /** A new page is no longer, unless it is long because of a single metric. */
  static final int BYTES = DrainedBytes.PIECE_BYTES;

  private final int[] blocks;
  private final int[] metrics;

  /** 0 before somebody asks for it. Several threads may set it, all to the same length. */
  private int length;

  /** Limit of formats whose compressed output is kept: that of most readers, and another one. */
  private static final int MAX_KEPT = 2;

  /** Text with label values that make sense shrinks to a tenth, with random ones to a half. */
  private static final int KEPT_DIVISOR = 3;

  /** Short text hardly shrinks, but takes little. */
  private static final int KEPT_MIN_BYTES = 512;

  /** The compressed stretches of output that start with this page, the newest first. */
  private volatile Kept[] kept = {};

  private record Kept(TextPages format, DeflatedPages deflated) {}

  /** Keeps the arrays, which must not be changed any more. */
  SeriesPage(int[] blocks, int[] metrics) {
    this.blocks = blocks;
    this.metrics = metrics;
  }

  /**
   * A page with the same positions, for blocks of the same series with other values. Other numbers
   * at most double the length of a line, so the length is not worked out again for them.
   */
  SeriesPage refreshed(boolean onlyNumbers) {
    SeriesPage page = new SeriesPage(blocks, metrics);
    page.length = onlyNumbers ? length : 0;
    return page;
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

  /** Returns how long the metrics are, or were: see {@link FamilyBlock#scrapedLength}. */
  int length(FamilyBlock[] sources) {
    if (length == 0) {
      long sum = 0;
      for (int i = 0; i < blocks.length; i++) {
        sum += sources[blocks[i]].scrapedLength(metrics[i]);
      }
      length = (int) Math.min(sum, Integer.MAX_VALUE);
    }
    return length;
  }

  /** Returns whether this is one metric, so long that it must be written through in pieces. */
  boolean isLong(FamilyBlock[] sources) {
    return blocks.length == 1 && length(sources) > BYTES;
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

  /**
   * Keeps a compressed stretch of output, in place of the one in the same format. All that is kept
   * stays under a part of the plain text: text that hardly shrinks is compressed anew each time.
   */
  synchronized void keep(TextPages format, DeflatedPages deflated) {
    int left = deflated.plainLength() / KEPT_DIVISOR + KEPT_MIN_BYTES - deflated.deflated().length;
    List<Kept> all = new ArrayList<>();
    if (left >= 0) {
      all.add(new Kept(format, deflated));
    }
    for (Kept other : kept) {
      int length = other.deflated.deflated().length;
      if (!other.format.equals(format) && all.size() < MAX_KEPT && length <= left) {
        all.add(other);
        left -= length;
      }
    }
    kept = all.toArray(new Kept[0]);
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
      out.addThrough(block.text(), block.textStart(first), block.textStart(next));
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
