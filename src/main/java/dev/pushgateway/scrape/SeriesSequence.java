package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of the metrics of several sorted blocks, in pages. Immutable. Four to eight bytes a
 * metric.
 */
final class SeriesSequence {
  private static final int PAGE_BYTES = 64 << 10;
  private static final int MIN_PAGE_SIZE = 16;
  private static final int MAX_PAGE_SIZE = 2_048;

  private final SeriesPage[] pages;

  /** How many metrics a new page gets. */
  private final int pageSize;

  private SeriesSequence(List<SeriesPage> pages, int pageSize) {
    this.pages = pages.toArray(new SeriesPage[0]);
    this.pageSize = pageSize;
  }

  SeriesPage[] pages() {
    return pages;
  }

  /** Merges blocks that are sorted each in itself; {@code null} ones are skipped. */
  static SeriesSequence merge(FamilyBlock[] blocks) {
    SeriesPage all = new RunMerge(blocks).merged();
    long bytes = 0;
    for (FamilyBlock block : blocks) {
      bytes += block == null ? 0 : block.text().length;
    }
    long average = bytes / Math.max(1, all.size()) + 1;
    int pageSize = (int) Math.max(MIN_PAGE_SIZE, Math.min(MAX_PAGE_SIZE, PAGE_BYTES / average));
    List<SeriesPage> pages = new ArrayList<>(all.size() / pageSize + 1);
    cut(all, pageSize, pages);
    return new SeriesSequence(pages, pageSize);
  }

  private static void cut(SeriesPage page, int pageSize, List<SeriesPage> pages) {
    for (int from = 0; from < page.size(); from += pageSize) {
      pages.add(page.slice(from, Math.min(page.size(), from + pageSize)));
    }
  }

  /**
   * The sequence after some blocks were exchanged.
   *
   * @param before the blocks this sequence was made of
   * @param after as they are now
   * @param changed by index of block, whether its series are not the same any more: they are taken
   *     out and put in anew
   * @param touched by index of block, whether it is another block with the same series
   */
  SeriesSequence mend(
      FamilyBlock[] before, FamilyBlock[] after, boolean[] changed, boolean[] touched) {
    FamilyBlock[] newcomers = new FamilyBlock[after.length];
    for (int i = 0; i < after.length; i++) {
      newcomers[i] = changed[i] ? after[i] : null;
    }
    SeriesPage fresh = new RunMerge(newcomers).merged();
    List<SeriesPage> mended = new ArrayList<>(pages.length + 1);
    int from = 0;
    for (int i = 0; i < pages.length; i++) {
      int to = i + 1 < pages.length ? countBelow(fresh, after, pages[i + 1], before) : fresh.size();
      SeriesPage kept = pages[i].without(changed);
      if (to > from) {
        SeriesPage merged = mergeInto(kept, fresh.slice(from, to), after);
        cut(merged, merged.size() > 2 * pageSize ? pageSize : merged.size(), mended);
      } else if (kept.size() > 0) {
        mended.add(kept == pages[i] && kept.hasAnyOf(touched) ? kept.refreshed() : kept);
      }
      from = to;
    }
    if (pages.length == 0 && fresh.size() > 0) {
      cut(fresh, pageSize, mended);
    }
    return new SeriesSequence(mended, pageSize);
  }

  /** How many metrics of a sorted page come before the first of another. */
  private static int countBelow(
      SeriesPage page, FamilyBlock[] blocks, SeriesPage other, FamilyBlock[] otherBlocks) {
    FamilyBlock bound = otherBlocks[other.block(0)];
    int boundMetric = other.metric(0);
    int low = 0;
    int high = page.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      FamilyBlock block = blocks[page.block(middle)];
      if (block.compareSeries(page.metric(middle), bound, boundMetric) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static SeriesPage mergeInto(SeriesPage kept, SeriesPage fresh, FamilyBlock[] blocks) {
    int size = kept.size() + fresh.size();
    int[] mergedBlocks = new int[size];
    int[] mergedMetrics = new int[size];
    int i = 0;
    int j = 0;
    for (int at = 0; at < size; at++) {
      boolean takeKept =
          j == fresh.size()
              || i < kept.size()
                  && blocks[kept.block(i)].compareSeries(
                          kept.metric(i), blocks[fresh.block(j)], fresh.metric(j))
                      <= 0;
      SeriesPage source = takeKept ? kept : fresh;
      int from = takeKept ? i++ : j++;
      mergedBlocks[at] = source.block(from);
      mergedMetrics[at] = source.metric(from);
    }
    return new SeriesPage(mergedBlocks, mergedMetrics);
  }
}
