package dev.pushgateway.protobuf;

import dev.pushgateway.bytes.NumberReader;
import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.model.MetricType;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_36_2.Metrics;
import io.prometheus.metrics.shaded.com_google_protobuf_4_36_2.InvalidProtocolBufferException;
import io.prometheus.metrics.shaded.com_google_protobuf_4_36_2.TextFormat;
import io.prometheus.metrics.shaded.com_google_protobuf_4_36_2.Timestamp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Our values through the classes that protoc generates: a second opinion on what we read and write.
 *
 * <p>The only place that names them, as the version of protobuf is part of their package's name.
 */
public final class OfficialProtobuf {
  private OfficialProtobuf() {}

  /** A body of delimited messages. */
  public static byte[] encode(List<MetricFamily> families) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      for (MetricFamily family : families) {
        toOfficial(family).writeDelimitedTo(body);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return body.toByteArray();
  }

  /** The {@code Metric} message of a metric, without a length. */
  static byte[] encode(Metric metric, MetricType type) {
    return toOfficial(metric, type).toByteArray();
  }

  /** The families of a body of delimited messages. */
  public static List<MetricFamily> decode(byte[] body) {
    List<MetricFamily> families = new ArrayList<>();
    ByteArrayInputStream in = new ByteArrayInputStream(body);
    try {
      while (in.available() > 0) {
        families.add(toFamily(Metrics.MetricFamily.parseDelimitedFrom(in)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return families;
  }

  /** The family in one message of protobuf text. */
  public static MetricFamily decodeText(String text) {
    try {
      Metrics.MetricFamily.Builder family = Metrics.MetricFamily.newBuilder();
      TextFormat.merge(text, family);
      return toFamily(family.build());
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** The metric in one message, without a length, if there is one. */
  static Metric decodeMetric(byte[] message, MetricType type) {
    try {
      return toMetric(Metrics.Metric.parseFrom(message), type);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Metrics.MetricFamily toOfficial(MetricFamily family) {
    Metrics.MetricFamily.Builder to = Metrics.MetricFamily.newBuilder();
    to.setName(family.name()).setType(Metrics.MetricType.forNumber(family.type().number()));
    if (family.help() != null) {
      to.setHelp(family.help());
    }
    if (family.unit() != null) {
      to.setUnit(family.unit());
    }
    family.metrics().forEach(metric -> to.addMetric(toOfficial(metric, family.type())));
    return to.build();
  }

  private static Metrics.Metric toOfficial(Metric metric, MetricType type) {
    Metrics.Metric.Builder to = Metrics.Metric.newBuilder();
    to.addAllLabel(toOfficial(metric.labels()));
    if (metric.value() instanceof Metric.Summary summary) {
      to.setSummary(toOfficial(summary));
    } else if (metric.value() instanceof Metric.Histogram histogram) {
      to.setHistogram(toOfficial(histogram));
    } else if (metric.value() instanceof Metric.Number number) {
      switch (type) {
        case COUNTER -> to.setCounter(toOfficial(number));
        case GAUGE -> to.setGauge(Metrics.Gauge.newBuilder().setValue(nan(number.value())));
        default -> to.setUntyped(Metrics.Untyped.newBuilder().setValue(nan(number.value())));
      }
    }
    return to.build();
  }

  private static Metrics.Counter toOfficial(Metric.Number number) {
    Metrics.Counter.Builder to = Metrics.Counter.newBuilder().setValue(nan(number.value()));
    if (number.exemplar() != null) {
      to.setExemplar(toOfficial(number.exemplar()));
    }
    if (number.created() != null) {
      to.setCreatedTimestamp(toOfficial(number.created()));
    }
    return to.build();
  }

  private static Metrics.Summary toOfficial(Metric.Summary summary) {
    Metrics.Summary.Builder to = Metrics.Summary.newBuilder();
    to.setSampleCount(summary.count()).setSampleSum(nan(summary.sum()));
    for (Metric.Quantile quantile : summary.quantiles()) {
      to.addQuantileBuilder().setQuantile(nan(quantile.quantile())).setValue(nan(quantile.value()));
    }
    if (summary.created() != null) {
      to.setCreatedTimestamp(toOfficial(summary.created()));
    }
    return to.build();
  }

  private static Metrics.Histogram toOfficial(Metric.Histogram histogram) {
    Metrics.Histogram.Builder to = Metrics.Histogram.newBuilder();
    to.setSampleCount(histogram.count()).setSampleSum(nan(histogram.sum()));
    if (histogram.countFloat() != 0) {
      to.setSampleCountFloat(nan(histogram.countFloat()));
    }
    for (Metric.Bucket bucket : histogram.buckets()) {
      Metrics.Bucket.Builder toBucket = to.addBucketBuilder();
      toBucket.setCumulativeCount(bucket.cumulativeCount());
      toBucket.setUpperBound(nan(bucket.upperBound()));
      if (bucket.cumulativeCountFloat() != 0) {
        toBucket.setCumulativeCountFloat(nan(bucket.cumulativeCountFloat()));
      }
      if (bucket.exemplar() != null) {
        toBucket.setExemplar(toOfficial(bucket.exemplar()));
      }
    }
    if (histogram.created() != null) {
      to.setCreatedTimestamp(toOfficial(histogram.created()));
    }
    if (histogram.nativeBuckets() != null) {
      addNative(to, histogram.nativeBuckets());
    }
    return to.build();
  }

  private static void addNative(Metrics.Histogram.Builder to, Metric.NativeBuckets from) {
    to.setSchema(from.schema());
    to.setZeroThreshold(from.zeroThreshold());
    to.setZeroCount(from.zeroCount());
    if (from.zeroCountFloat() != 0) {
      to.setZeroCountFloat(from.zeroCountFloat());
    }
    for (Metric.Span span : from.negativeSpans()) {
      to.addNegativeSpanBuilder().setOffset(span.offset()).setLength(span.length());
    }
    to.addAllNegativeDelta(from.negativeDeltas());
    from.negativeCounts().forEach(count -> to.addNegativeCount(nan(count)));
    for (Metric.Span span : from.positiveSpans()) {
      to.addPositiveSpanBuilder().setOffset(span.offset()).setLength(span.length());
    }
    to.addAllPositiveDelta(from.positiveDeltas());
    from.positiveCounts().forEach(count -> to.addPositiveCount(nan(count)));
    from.exemplars().forEach(exemplar -> to.addExemplars(toOfficial(exemplar)));
  }

  private static Metrics.Exemplar toOfficial(Metric.Exemplar exemplar) {
    Metrics.Exemplar.Builder to = Metrics.Exemplar.newBuilder();
    to.addAllLabel(toOfficial(exemplar.labels())).setValue(nan(exemplar.value()));
    if (exemplar.timestamp() != null) {
      to.setTimestamp(toOfficial(exemplar.timestamp()));
    }
    return to.build();
  }

  private static List<Metrics.LabelPair> toOfficial(Labels labels) {
    List<Metrics.LabelPair> to = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      to.add(
          Metrics.LabelPair.newBuilder().setName(labels.name(i)).setValue(labels.value(i)).build());
    }
    return to;
  }

  private static Timestamp toOfficial(Metric.Timestamp timestamp) {
    return Timestamp.newBuilder()
        .setSeconds(timestamp.seconds())
        .setNanos(timestamp.nanos())
        .build();
  }

  /** Our values know one NaN only, and it is written as Go writes it. */
  private static double nan(double value) {
    return Double.isNaN(value) ? Double.longBitsToDouble(NumberReader.GO_NAN_BITS) : value;
  }

  private static MetricFamily toFamily(Metrics.MetricFamily from) {
    MetricType type = MetricType.ofNumber(from.getType().getNumber());
    List<Metric> metrics = new ArrayList<>();
    from.getMetricList().forEach(metric -> metrics.add(toMetric(metric, type)));
    return new MetricFamily(
        from.getName(),
        type,
        from.hasHelp() ? from.getHelp() : null,
        from.hasUnit() ? from.getUnit() : null,
        metrics);
  }

  private static Metric toMetric(Metrics.Metric from, MetricType type) {
    Metric.Value value =
        switch (type) {
          case COUNTER -> from.hasCounter() ? toValue(from.getCounter()) : null;
          case GAUGE -> from.hasGauge() ? new Metric.Number(from.getGauge().getValue()) : null;
          case UNTYPED ->
              from.hasUntyped() ? new Metric.Number(from.getUntyped().getValue()) : null;
          case SUMMARY -> from.hasSummary() ? toValue(from.getSummary()) : null;
          default -> from.hasHistogram() ? toValue(from.getHistogram()) : null;
        };
    return new Metric(toLabels(from.getLabelList()), value);
  }

  private static Metric.Number toValue(Metrics.Counter from) {
    return new Metric.Number(
        from.getValue(),
        from.hasExemplar() ? toExemplar(from.getExemplar()) : null,
        from.hasCreatedTimestamp() ? toTimestamp(from.getCreatedTimestamp()) : null);
  }

  private static Metric.Summary toValue(Metrics.Summary from) {
    return new Metric.Summary(
        from.getSampleCount(),
        from.getSampleSum(),
        from.getQuantileList().stream()
            .map(quantile -> new Metric.Quantile(quantile.getQuantile(), quantile.getValue()))
            .toList(),
        from.hasCreatedTimestamp() ? toTimestamp(from.getCreatedTimestamp()) : null);
  }

  private static Metric.Histogram toValue(Metrics.Histogram from) {
    List<Metric.Bucket> buckets = new ArrayList<>();
    for (Metrics.Bucket bucket : from.getBucketList()) {
      buckets.add(
          new Metric.Bucket(
              bucket.getUpperBound(),
              bucket.getCumulativeCount(),
              bucket.getCumulativeCountFloat(),
              bucket.hasExemplar() ? toExemplar(bucket.getExemplar()) : null));
    }
    return new Metric.Histogram(
        from.getSampleCount(),
        from.getSampleCountFloat(),
        from.getSampleSum(),
        buckets,
        isNative(from) ? toNative(from) : null,
        from.hasCreatedTimestamp() ? toTimestamp(from.getCreatedTimestamp()) : null);
  }

  private static boolean isNative(Metrics.Histogram from) {
    Metrics.Histogram classic =
        Metrics.Histogram.newBuilder(from)
            .clearSampleCount()
            .clearSampleCountFloat()
            .clearSampleSum()
            .clearBucket()
            .clearCreatedTimestamp()
            .build();
    return !classic.getAllFields().isEmpty();
  }

  private static Metric.NativeBuckets toNative(Metrics.Histogram from) {
    return new Metric.NativeBuckets(
        from.getSchema(),
        from.getZeroThreshold(),
        from.getZeroCount(),
        from.getZeroCountFloat(),
        toSpans(from.getNegativeSpanList()),
        from.getNegativeDeltaList(),
        from.getNegativeCountList(),
        toSpans(from.getPositiveSpanList()),
        from.getPositiveDeltaList(),
        from.getPositiveCountList(),
        from.getExemplarsList().stream().map(OfficialProtobuf::toExemplar).toList());
  }

  private static List<Metric.Span> toSpans(List<Metrics.BucketSpan> from) {
    return from.stream().map(span -> new Metric.Span(span.getOffset(), span.getLength())).toList();
  }

  private static Metric.Exemplar toExemplar(Metrics.Exemplar from) {
    return new Metric.Exemplar(
        toLabels(from.getLabelList()),
        from.getValue(),
        from.hasTimestamp() ? toTimestamp(from.getTimestamp()) : null);
  }

  private static Metric.Timestamp toTimestamp(Timestamp from) {
    return new Metric.Timestamp(from.getSeconds(), from.getNanos());
  }

  private static Labels toLabels(List<Metrics.LabelPair> from) {
    Map<String, String> labels = new HashMap<>();
    from.forEach(label -> labels.put(label.getName(), label.getValue()));
    return Labels.of(labels);
  }
}
