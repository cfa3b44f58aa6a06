package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.ByteArray;
import dev.pushgateway.bytes.DrainedBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A range of the metrics of a merged family: about 64 KiB of text, or one long metric. Holds block
 * and metric for each of its positions. Compressed output is kept per page.
 *
 * <p>Immutable, except for its length and its compressed output. A page is only reused while all
 * its blocks stay the same. Its compressed output therefore stays valid.
 */
final class SeriesPage {
  /** The maximum length of a new page, unless it is a single longer metric. */
  static final int BYTES = DrainedBytes.PIECE_BYTES;

  private final int[] blocks;
  private final int[] metrics;

  /**
   * The length in bytes; 0 before it is needed. Several threads may set it, all to the same value.
   */
  private int length;

  /** The maximum number of formats whose compressed output is kept: the usual one and another. */
  private static final int MAX_KEPT = 2;

  /**
   * The least factor of compression at which output is kept. Text with meaningful labels shrinks to
   * a tenth, text with random labels to a half.
   */
  private static final int KEPT_DIVISOR = 3;

  /**
   * The length up to which output is kept in any case. Short text hardly shrinks but takes little
   * memory.
   */
  private static final int KEPT_MIN_BYTES = 512;

  /** The compressed output that starts with this page, the newest first. */
  private volatile Kept[] kept = {};

  private record Kept(TextPages format, DeflatedPages deflated) {}

  /** Keeps the arrays. The caller must not change them. */
  SeriesPage(int[] blocks, int[] metrics) {
    this.blocks = blocks;
    this.metrics = metrics;
  }

  /**
   * Returns a page with the same positions, for blocks with the same series and other values. Other
   * numbers can at most double a line, so the old length is kept for them.
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

  /**
   * Returns the length of the metrics, now or at an earlier time: see {@link
   * FamilyBlock#scrapedLength}.
   */
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

  /** Returns whether the page is one metric that is too long for a buffer. */
  boolean isLong(FamilyBlock[] sources) {
    return blocks.length == 1 && length(sources) > BYTES;
  }

  /** Returns the compressed output that starts with this page, if it is kept. */
  Optional<DeflatedPages> deflated(TextPages format) {
    for (Kept one : kept) {
      if (one.format.equals(format)) {
        return Optional.of(one.deflated);
      }
    }
    return Optional.empty();
  }

  /**
   * Keeps compressed output in place of the output in the same format. All kept output together is
   * at most a third of the plain text and 512 bytes. Text that hardly shrinks is compressed each
   * time.
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
      // Copies metrics at once that are neighbours both in the scrape and in their block.
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

  /** Returns the page without the metrics of the given blocks; this page if none is on it. */
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

  /** Returns positions {@code [from, to)} as a new page. */
  SeriesPage slice(int from, int to) {
    return new SeriesPage(
        Arrays.copyOfRange(blocks, from, to), Arrays.copyOfRange(metrics, from, to));
  }
}
