package dev.pushgateway.model;

import dev.pushgateway.property.Draw;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Random metrics for properties: every type, every field, strange numbers and strange text. */
public final class RandomMetrics {
  private static final String[] TEXTS = {
    "", "\\", "\"", "\n", "a\\nb", "ü\"\\\n€", "😀", "\u0000\u0001\t\r\u007f"
  };
  private static final Double[] NUMBERS = {
    0.0,
    -0.0,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    0.1,
    1e21,
    9007199254740992.0,
  };
  private static final int NANOS = 999_999_999;

  private final Draw draw;

  private RandomMetrics(Draw draw) {
    this.draw = draw;
  }

  /** A family of any type, with metrics that have different labels. */
  public static MetricFamily family(Draw draw, String name) {
    RandomMetrics random = new RandomMetrics(draw);
    MetricType type = draw.oneOf(MetricType.values());
    String help = draw.orNull(0.3, random::text);
    String unit = draw.orNull(0.7, random::text);
    Map<Labels, Metric> metrics = new LinkedHashMap<>();
    for (Metric metric : draw.list(0, 8, () -> metric(draw, type))) {
      metrics.putIfAbsent(metric.labels(), metric);
    }
    return new MetricFamily(name, type, help, unit, List.copyOf(metrics.values()));
  }

  /** A metric of a type. */
  public static Metric metric(Draw draw, MetricType type) {
    RandomMetrics random = new RandomMetrics(draw);
    return new Metric(random.labels(), random.value(type));
  }

  private Labels labels() {
    Map<String, String> labels = draw.map(5, this::labelName, this::text);
    labels.remove("le");
    labels.remove("quantile");
    return Labels.of(labels);
  }

  private String labelName() {
    return draw.bool()
        ? draw.oneOf("a", "b", "instance", "job", "long_label_name")
        : draw.range('c', 'z', 1, 140);
  }

  private String text() {
    return draw.from(
        () -> draw.of("abcdefghijklmnopqrstuvwxyzABCXYZ", 0, 12),
        () -> draw.oneOf(TEXTS),
        () -> draw.range(' ', '\u017f', 100, 150));
  }

  private Metric.Value value(MetricType type) {
    return switch (type) {
      case GAUGE, UNTYPED -> new Metric.Number(number());
      case COUNTER ->
          new Metric.Number(
              number(), draw.orNull(0.6, this::exemplar), draw.orNull(0.6, this::timestamp));
      case SUMMARY ->
          new Metric.Summary(
              draw.anyLong(),
              number(),
              draw.list(0, 4, () -> new Metric.Quantile(number(), number())),
              draw.orNull(0.5, this::timestamp));
      case HISTOGRAM, GAUGE_HISTOGRAM ->
          new Metric.Histogram(
              draw.anyLong(),
              count(),
              number(),
              draw.list(0, 4, this::bucket),
              draw.orNull(0.4, this::nativeBuckets),
              draw.orNull(0.5, this::timestamp));
    };
  }

  private Metric.Bucket bucket() {
    return new Metric.Bucket(number(), draw.anyLong(), count(), draw.orNull(0.6, this::exemplar));
  }

  private Metric.NativeBuckets nativeBuckets() {
    return new Metric.NativeBuckets(
        draw.anyInt(),
        count(),
        draw.anyLong(),
        count(),
        spans(),
        draw.list(0, 5, draw::anyLong),
        draw.list(0, 3, this::number),
        spans(),
        draw.list(0, 5, draw::anyLong),
        draw.list(0, 3, this::number),
        draw.list(0, 2, this::exemplar));
  }

  private List<Metric.Span> spans() {
    return draw.list(0, 3, () -> new Metric.Span(draw.anyInt(), draw.anyInt()));
  }

  private Metric.Exemplar exemplar() {
    return new Metric.Exemplar(labels(), number(), draw.orNull(0.5, this::timestamp));
  }

  private Metric.Timestamp timestamp() {
    return new Metric.Timestamp(draw.anyLong(), draw.between(-NANOS, NANOS));
  }

  /** Where 0 means that it is not there, so that minus zero would not survive. */
  private double count() {
    return draw.bool() ? 0 : Math.abs(draw.anyDouble());
  }

  private double number() {
    return draw.from(() -> (double) draw.anyInt(), draw::anyDouble, () -> draw.oneOf(NUMBERS));
  }
}
