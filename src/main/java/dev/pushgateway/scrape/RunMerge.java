package dev.pushgateway.scrape;

import dev.pushgateway.block.FamilyBlock;

/**
 * Merges the metrics of sorted blocks into one sorted page. Merges neighbouring runs in pairs until
 * one run is left.
 */
final class RunMerge {
  private final FamilyBlock[] blocks;
  private int[] fromBlock;
  private int[] fromMetric;
  private int[] toBlock;
  private int[] toMetric;

  /** The position where each run starts; behind them, the end of the last run. */
  private int[] starts;

  private int runs;

  /** Prepares to merge blocks. {@code null} blocks are skipped. */
  RunMerge(FamilyBlock[] blocks) {
    this.blocks = blocks;
    int size = 0;
    starts = new int[blocks.length + 1];
    for (FamilyBlock block : blocks) {
      if (block != null && block.size() > 0) {
        starts[runs++] = size;
        size += block.size();
      }
    }
    starts[runs] = size;
    fromBlock = new int[size];
    fromMetric = new int[size];
    int at = 0;
    for (int i = 0; i < blocks.length; i++) {
      for (int metric = 0; blocks[i] != null && metric < blocks[i].size(); metric++) {
        fromBlock[at] = i;
        fromMetric[at++] = metric;
      }
    }
  }

  SeriesPage merged() {
    if (runs > 1) {
      toBlock = new int[fromBlock.length];
      toMetric = new int[fromMetric.length];
    }
    while (runs > 1) {
      mergePairs();
      int[] swap = fromBlock;
      fromBlock = toBlock;
      toBlock = swap;
      swap = fromMetric;
      fromMetric = toMetric;
      toMetric = swap;
    }
    return new SeriesPage(fromBlock, fromMetric);
  }

  private void mergePairs() {
    int end = starts[runs];
    int merged = 0;
    for (int run = 0; run < runs; run += 2) {
      int from = starts[run];
      int middle = starts[run + 1];
      mergeRuns(from, middle, run + 2 <= runs ? starts[run + 2] : middle);
      starts[merged++] = from; // Never overtakes the reads.
    }
    runs = merged;
    starts[runs] = end;
  }

  private void mergeRuns(int from, int middle, int to) {
    if (middle == to || compare(middle - 1, middle) <= 0) {
      copy(from, from, to - from); // Nothing to merge, or the groups differ in their first label.
      return;
    }
    int left = from;
    int right = middle;
    int at = from;
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
    return blocks[fromBlock[a]].compareSeries(fromMetric[a], blocks[fromBlock[b]], fromMetric[b]);
  }
}
