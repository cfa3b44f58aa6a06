package dev.pushgateway.parse;

import dev.pushgateway.block.TextLines;
import dev.pushgateway.model.MetricType;
import java.util.Arrays;

/** The suffixes of sample names in text that stand for a part of a summary or a histogram. */
enum PartSuffix {
  BUCKET("_bucket", RichMetrics.Part.VALUE),
  SUM("_sum", RichMetrics.Part.SUM),
  COUNT("_count", RichMetrics.Part.COUNT),
  GAUGE_SUM("_gsum", RichMetrics.Part.SUM),
  GAUGE_COUNT("_gcount", RichMetrics.Part.COUNT);

  private static final PartSuffix[] ALL = values();

  private final byte[] text;
  private final RichMetrics.Part part;

  PartSuffix(String text, RichMetrics.Part part) {
    this.text = TextLines.utf8(text);
    this.part = part;
  }

  /** Returns the suffix of a name; {@code null} if it has none. */
  static PartSuffix of(byte[] name) {
    for (PartSuffix suffix : ALL) {
      int from = name.length - suffix.length();
      if (from > 0 && Arrays.equals(name, from, name.length, suffix.text, 0, suffix.length())) {
        return suffix;
      }
    }
    return null;
  }

  int length() {
    return text.length;
  }

  RichMetrics.Part part() {
    return part;
  }

  /** Returns whether a family of this type has such a part. */
  boolean isPartOf(MetricType type) {
    return switch (this) {
      case BUCKET -> type.isHistogram();
      case SUM, COUNT -> !type.isNumber();
      case GAUGE_SUM, GAUGE_COUNT -> type == MetricType.GAUGE_HISTOGRAM;
    };
  }

  /** Returns the name of this part of a family: the family's name with the suffix. */
  byte[] after(byte[] familyName) {
    byte[] name = Arrays.copyOf(familyName, familyName.length + text.length);
    System.arraycopy(text, 0, name, familyName.length, text.length);
    return name;
  }
}
