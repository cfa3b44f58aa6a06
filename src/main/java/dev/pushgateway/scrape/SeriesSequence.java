package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of the metrics of several sorted blocks, in pages. Immutable. Takes four to eight bytes
 * for each metric.
 */
final class SeriesSequence {
  private final SeriesPage[] pages;

  private SeriesSequence(List<SeriesPage> pages) {
    this.pages = pages.toArray(new SeriesPage[0]);
  }

  SeriesPage[] pages() {
    return pages;
  }

  /** Merges sorted blocks. {@code null} blocks are skipped. */
  static SeriesSequence merge(FamilyBlock[] blocks) {
    List<SeriesPage> pages = new ArrayList<>();
    cut(new RunMerge(blocks).merged(), blocks, pages);
    return new SeriesSequence(pages);
  }

  /** Cuts a page by the lengths of its metrics. Each new page has at least one metric. */
  private static void cut(SeriesPage page, FamilyBlock[] blocks, List<SeriesPage> pages) {
    int from = 0;
    long length = 0;
    for (int i = 0; i < page.size(); i++) {
      int next = blocks[page.block(i)].scrapedLength(page.metric(i));
      if (i > from && length + next > SeriesPage.BYTES) {
        pages.add(page.slice(from, i));
        from = i;
        length = 0;
      }
      length += next;
    }
    if (from < page.size()) {
      pages.add(page.slice(from, page.size()));
    }
  }

  /**
   * Adds a page unchanged if possible, so that few pages change. A page that has become too long is
   * cut.
   */
  private static void add(SeriesPage page, FamilyBlock[] blocks, List<SeriesPage> pages) {
    if (page.length(blocks) > 2 * SeriesPage.BYTES) {
      cut(page, blocks, pages);
    } else {
      pages.add(page);
    }
  }

  /**
   * Returns the sequence after some blocks were replaced.
   *
   * @param before the blocks of this sequence
   * @param after the blocks now
   * @param changed by index of block: true if its series have changed. They are removed and
   *     inserted again
   * @param touched by index of block: true for a new block with the same series
   */
  SeriesSequence mend(
      FamilyBlock[] before, FamilyBlock[] after, boolean[] changed, boolean[] touched) {
    FamilyBlock[] newcomers = new FamilyBlock[after.length];
    boolean onlyNumbers = true;
    for (int i = 0; i < after.length; i++) {
      newcomers[i] = changed[i] ? after[i] : null;
      onlyNumbers &= !touched[i] || !after[i].hasProtobuf();
    }
    SeriesPage fresh = new RunMerge(newcomers).merged();
    List<SeriesPage> mended = new ArrayList<>(pages.length + 1);
    int from = 0;
    for (int i = 0; i < pages.length; i++) {
      int to = i + 1 < pages.length ? countBelow(fresh, after, pages[i + 1], before) : fresh.size();
      SeriesPage kept = pages[i].without(changed);
      if (to > from) {
        add(mergeInto(kept, fresh.slice(from, to), after), after, mended);
      } else if (kept.size() > 0) {
        boolean isTouched = kept == pages[i] && kept.hasAnyOf(touched);
        add(isTouched ? kept.refreshed(onlyNumbers) : kept, after, mended);
      }
      from = to;
    }
    if (pages.length == 0) {
      cut(fresh, after, mended);
    }
    return new SeriesSequence(mended);
  }

  /** Counts the metrics of a sorted page that come before the first metric of another page. */
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
