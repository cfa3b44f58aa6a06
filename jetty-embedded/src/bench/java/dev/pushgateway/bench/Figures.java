package dev.pushgateway.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured: for each work and gateway one figure, the better half of which is its note.
 */
final class Figures {
  private final Map<Work, Map<Kind, Figure>> figures = new EnumMap<>(Work.class);

  /**
   * One figure.
   *
   * @param note how it came about, or an empty string
   */
  record Figure(double value, String note) {
    static final Figure MISSING = new Figure(Double.NaN, "");
  }

  void put(Work work, Kind kind, double value, String note) {
    figures
        .computeIfAbsent(work, w -> new EnumMap<>(Kind.class))
        .put(kind, new Figure(value, note));
    System.err.printf(
        Locale.ROOT, "  %-15s %s: %s %s%n", kind.title, work.title, work.unit.format(value), note);
  }

  /** Notes the median, and says how many values there are where they are few. */
  void putMedian(Work work, Kind kind, double[] values) {
    put(work, kind, median(values), "n=" + values.length);
  }

  /** Notes the median, and the 99th percentile beside it. */
  void putMedianAndP99(Work work, Kind kind, double[] values) {
    String p99 = "p99 " + Unit.number(percentile(values, 0.99)) + ", n=" + values.length;
    put(work, kind, median(values), p99);
  }

  Figure get(Work work, Kind kind) {
    return figures.getOrDefault(work, Map.of()).getOrDefault(kind, Figure.MISSING);
  }

  boolean has(Work work) {
    return figures.containsKey(work);
  }

  /** How many times better ours is than another; not a number if either is missing. */
  double timesBetter(Work work, Kind than) {
    double ours = get(work, Kind.OURS).value();
    double other = get(work, than).value();
    return work.unit.largerIsBetter() ? ours / other : other / ours;
  }

  /** Our figure in parts of ours for the base of the work; not a number if either is missing. */
  double timesBase(Work work) {
    double base = work.base.map(other -> get(other, Kind.OURS).value()).orElse(Double.NaN);
    return get(work, Kind.OURS).value() / base;
  }

  static double median(double[] values) {
    return percentile(values, 0.5);
  }

  /** The smallest value that so large a part of all values does not exceed. */
  static double percentile(double[] values, double part) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(part * sorted.length) - 1];
  }
}
