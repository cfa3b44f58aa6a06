package dev.pushgateway.exposition;

import java.util.Arrays;

/**
 * The order of the metrics of several sorted blocks: which metric of which block comes at a position.
 * Immutable. Eight bytes a metric.
 */
final class SeriesSequence {
  private final int[] blockAt;
  private final int[] metricAt;

  private SeriesSequence(int[] blockAt, int[] metricAt) {
    this.blockAt = blockAt;
    this.metricAt = metricAt;
  }

  int blockAt(int position) {
    return blockAt[position];
  }

  int metricAt(int position) {
    return metricAt[position];
  }

  /** Merges blocks that are sorted each in itself; {@code null} ones are skipped. */
  static SeriesSequence merge(FamilyBlock[] blocks) {
    int size = 0;
    int runs = 0;
    int[] runStarts = new int[blocks.length + 1];
    for (FamilyBlock block : blocks) {
      if (block != null && block.size() > 0) {
        runStarts[runs++] = size;
        size += block.size();
      }
    }
    runStarts[runs] = size;
    int[] blockAt = new int[size];
    int[] metricAt = new int[size];
    int at = 0;
    for (int i = 0; i < blocks.length; i++) {
      for (int metric = 0; blocks[i] != null && metric < blocks[i].size(); metric++) {
        blockAt[at] = i;
        metricAt[at++] = metric;
      }
    }
    return new Merge(blocks, blockAt, metricAt).run(Arrays.copyOf(runStarts, runs + 1));
  }

  /** Merges neighbouring runs, two by two, until one is left. */
  private static final class Merge {
    private final FamilyBlock[] blocks;
    private int[] fromBlock;
    private int[] fromMetric;
    private int[] toBlock;
    private int[] toMetric;

    Merge(FamilyBlock[] blocks, int[] blockAt, int[] metricAt) {
      this.blocks = blocks;
      fromBlock = blockAt;
      fromMetric = metricAt;
    }

    SeriesSequence run(int[] starts) {
      int[] runStarts = starts;
      if (runStarts.length > 2) {
        toBlock = new int[fromBlock.length];
        toMetric = new int[fromMetric.length];
      }
      while (runStarts.length > 2) {
        runStarts = mergePairs(runStarts);
        int[] swap = fromBlock;
        fromBlock = toBlock;
        toBlock = swap;
        swap = fromMetric;
        fromMetric = toMetric;
        toMetric = swap;
      }
      return new SeriesSequence(fromBlock, fromMetric);
    }

    private int[] mergePairs(int[] starts) {
      int runs = starts.length - 1;
      int[] merged = new int[(runs + 1) / 2 + 1];
      for (int run = 0; run < runs; run += 2) {
        merged[run / 2] = starts[run];
        int middle = starts[run + 1];
        int to = run + 2 <= runs ? starts[run + 2] : middle;
        mergeRuns(starts[run], middle, to);
      }
      merged[merged.length - 1] = starts[runs];
      return merged;
    }

    private void mergeRuns(int from, int middle, int to) {
      int left = from;
      int right = middle;
      int at = from;
      if (middle < to && compare(middle - 1, middle) <= 0) {
        copy(from, at, to - from); // Usual case for groups that sort by their first label.
        return;
      }
      while (left < middle && right < to) {
        copy(compare(left, right) <= 0 ? left++ : right++, at++, 1);
      }
      copy(left, at, middle - left);
      copy(right, at + middle - left, to - right);
    }

    private void copy(int from, int to, int length) {
      System.arraycopy(fromBlock, from, toBlock, to, length);
      System.arraycopy(fromMetric, from, toMetric, to, length);
    }

    private int compare(int a, int b) {
      return blocks[fromBlock[a]].compareSeries(
          fromMetric[a], blocks[fromBlock[b]], fromMetric[b]);
    }
  }

  /**
   * The sequence after some blocks were exchanged.
   *
   * @param size of this sequence
   * @param blocks as they are now
   * @param changed by index of block, whether its metrics are to be taken out and put in anew
   * @param added how many metrics the changed blocks have now
   */
  SeriesSequence mend(int size, FamilyBlock[] blocks, boolean[] changed, int added) {
    FamilyBlock[] newcomers = new FamilyBlock[blocks.length];
    for (int i = 0; i < blocks.length; i++) {
      newcomers[i] = changed[i] ? blocks[i] : null;
    }
    SeriesSequence fresh = merge(newcomers);
    SeriesSequence kept = without(size, changed);
    int keptSize = kept.blockAt.length;
    int[] newBlockAt = new int[keptSize + added];
    int[] newMetricAt = new int[keptSize + added];
    int from = 0;
    for (int i = 0; i < added; i++) {
      int at =
          kept.find(from, keptSize, blocks, blocks[fresh.blockAt[i]], fresh.metricAt[i]);
      System.arraycopy(kept.blockAt, from, newBlockAt, from + i, at - from);
      System.arraycopy(kept.metricAt, from, newMetricAt, from + i, at - from);
      newBlockAt[at + i] = fresh.blockAt[i];
      newMetricAt[at + i] = fresh.metricAt[i];
      from = at;
    }
    System.arraycopy(kept.blockAt, from, newBlockAt, from + added, keptSize - from);
    System.arraycopy(kept.metricAt, from, newMetricAt, from + added, keptSize - from);
    return new SeriesSequence(newBlockAt, newMetricAt);
  }

  private SeriesSequence without(int size, boolean[] changed) {
    int[] keptBlockAt = new int[size];
    int[] keptMetricAt = new int[size];
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!changed[blockAt[i]]) {
        keptBlockAt[kept] = blockAt[i];
        keptMetricAt[kept++] = metricAt[i];
      }
    }
    return new SeriesSequence(
        Arrays.copyOf(keptBlockAt, kept), Arrays.copyOf(keptMetricAt, kept));
  }

  /** The first position in {@code [from, to)} whose metric does not come before the given one. */
  private int find(int from, int to, FamilyBlock[] blocks, FamilyBlock block, int metric) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (blocks[blockAt[middle]].compareSeries(metricAt[middle], block, metric) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
