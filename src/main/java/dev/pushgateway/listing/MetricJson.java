package dev.pushgateway.listing;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.bytes.NumberWriter;
import dev.pushgateway.model.Metric;
import dev.pushgateway.request.ApiResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes metrics in the JSON of the Go gateway's API, in which every number is a string. */
final class MetricJson {
  private MetricJson() {}

  static void write(JsonGenerator json, FamilyBlock block, int index) throws IOException {
    json.writeStartObject();
    if (block.hasProtobuf()) {
      writeRich(json, block.metric(index));
    } else {
      writeLabels(json, block, index);
      json.writeStringField("value", block.number(index)); // The same in text and JSON.
    }
    json.writeEndObject();
  }

  private static void writeLabels(JsonGenerator json, FamilyBlock block, int index)
      throws IOException {
    json.writeObjectFieldStart(GroupJson.LABELS);
    byte[] text = block.text();
    int[] ranges = new int[2 * block.labelCount(index)];
    block.findLabelValues(index, ranges);
    int nameAt = block.labelsStart(index);
    for (int i = 0; i < ranges.length; i += 2) {
      json.writeFieldName(LabelJson.name(text, nameAt, ranges[i]));
      LabelJson.writeValue(json, text, ranges[i], ranges[i + 1]);
      nameAt = ranges[i + 1] + 2;
    }
    json.writeEndObject();
  }

  private static void writeRich(JsonGenerator json, Metric metric) throws IOException {
    GroupJson.writeLabels(json, metric.labels());
    Metric.Value value = metric.value();
    if (value instanceof Metric.Number number) {
      json.writeStringField("value", NumberWriter.toString(number.value()));
    } else if (value instanceof Metric.Summary summary) {
      writeSummary(json, summary);
    } else if (value instanceof Metric.Histogram histogram) {
      writeHistogram(json, histogram);
    } else {
      throw new IllegalStateException("a metric of no known kind: " + metric);
    }
  }

  private static void writeSummary(JsonGenerator json, Metric.Summary summary) throws IOException {
    json.writeStringField("count", Long.toUnsignedString(summary.count()));
    // A map, because a push may have a quantile twice, but a JSON object must not have a key twice.
    Map<String, String> quantiles = new LinkedHashMap<>();
    for (Metric.Quantile quantile : summary.quantiles()) {
      quantiles.put(
          NumberWriter.toString(quantile.quantile()), NumberWriter.toString(quantile.value()));
    }
    ApiResponse.writeMap(json, "quantiles", quantiles);
    json.writeStringField("sum", NumberWriter.toString(summary.sum()));
  }

  private static void writeHistogram(JsonGenerator json, Metric.Histogram histogram)
      throws IOException {
    if (hasNativeSpans(histogram)) {
      writeNativeBuckets(json, histogram);
    } else {
      writeClassicBuckets(json, histogram);
    }
    json.writeStringField("count", count(histogram.countFloat(), histogram.count()));
    json.writeStringField("sum", NumberWriter.toString(histogram.sum()));
  }

  private static boolean hasNativeSpans(Metric.Histogram histogram) {
    Metric.NativeBuckets buckets = histogram.nativeBuckets();
    return buckets != null
        && !(buckets.negativeSpans().isEmpty() && buckets.positiveSpans().isEmpty());
  }

  private static String count(double asFloat, long whole) {
    return asFloat != 0 ? NumberWriter.toString(asFloat) : Long.toUnsignedString(whole);
  }

  /** Writes each bucket as {@code [boundaries, "lower", "upper", "count"]}. */
  private static void writeNativeBuckets(JsonGenerator json, Metric.Histogram histogram)
      throws IOException {
    json.writeArrayFieldStart("buckets");
    for (NativeBucket bucket : NativeBucket.of(histogram)) {
      json.writeStartArray();
      json.writeNumber(bucket.boundaries());
      json.writeString(NumberWriter.toString(bucket.lower()));
      json.writeString(NumberWriter.toString(bucket.upper()));
      json.writeString(bucket.count());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private static void writeClassicBuckets(JsonGenerator json, Metric.Histogram histogram)
      throws IOException {
    Map<String, String> buckets = new LinkedHashMap<>();
    for (Metric.Bucket bucket : histogram.buckets()) {
      buckets.put(
          NumberWriter.toString(bucket.upperBound()),
          count(bucket.cumulativeCountFloat(), bucket.cumulativeCount()));
    }
    ApiResponse.writeMap(json, "buckets", buckets);
  }
}
