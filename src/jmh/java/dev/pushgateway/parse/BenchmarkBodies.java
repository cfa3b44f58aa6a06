package dev.pushgateway.parse;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Bodies as batch jobs push them: labels with random parts, values with many digits, series in no
 * particular order. The same arguments always give the same bytes; a group has the same series in
 * all variants.
 */
public final class BenchmarkBodies {
  private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

  private BenchmarkBodies() {}

  /** Counters and gauges by turns. */
  public static byte[] numbers(int group, int families, int seriesPerFamily, int variant) {
    StringBuilder text = new StringBuilder(100 + families * (100 + seriesPerFamily * 80));
    SplittableRandom labels = new SplittableRandom(group);
    SplittableRandom values = new SplittableRandom(group * 31L + variant);
    for (int family = 0; family < families; family++) {
      boolean gauge = family % 2 == 1;
      String name = "batch_" + (char) ('a' + family) + (gauge ? "_queue_bytes" : "_rows_total");
      header(text, name, gauge ? "gauge" : "counter");
      for (int i = 0; i < seriesPerFamily; i++) {
        text.append(name).append('{').append(labels(labels)).append("} ");
        text.append(1_000 + values.nextDouble() * 999_000).append('\n');
      }
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** One histogram family of twelve buckets a metric. */
  public static byte[] histograms(int group, int metrics, int variant) {
    StringBuilder text = new StringBuilder(100 + metrics * 1_200);
    SplittableRandom labels = new SplittableRandom(group);
    SplittableRandom values = new SplittableRandom(group * 31L + variant);
    String name = "batch_step_duration_seconds";
    header(text, name, "histogram");
    for (int i = 0; i < metrics; i++) {
      String metricLabels = labels(labels);
      long count = 0;
      for (double bound : BOUNDS) {
        count += values.nextInt(10_000);
        text.append(name).append("_bucket{").append(metricLabels);
        text.append(",le=\"").append(bound).append("\"} ").append(count).append('\n');
      }
      text.append(name).append("_bucket{").append(metricLabels);
      text.append(",le=\"+Inf\"} ").append(count).append('\n');
      text.append(name).append("_sum{").append(metricLabels).append("} ");
      text.append(values.nextDouble() * 1e6).append('\n');
      text.append(name).append("_count{").append(metricLabels).append("} ");
      text.append(count).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void header(StringBuilder text, String name, String type) {
    text.append("# HELP ").append(name).append(" Of the last run of the batch job.\n");
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static String labels(SplittableRandom random) {
    String path = Integer.toHexString(0x100000 + random.nextInt(0xf00000));
    String trace = Integer.toHexString(0x10000000 + random.nextInt(0x6fffffff));
    return "path=\"/v2/" + path + "\",trace=\"" + trace + '"';
  }
}
