package dev.pushgateway.model;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random metrics for properties: every type, every field, strange numbers and strange text. */
public final class MetricArbitraries {
  private MetricArbitraries() {}

  static Arbitrary<MetricType> types() {
    return Arbitraries.of(MetricType.class);
  }

  public static Arbitrary<MetricFamily> families(String name) {
    return types().flatMap(type -> family(name, type));
  }

  private static Arbitrary<MetricFamily> family(String name, MetricType type) {
    return Combinators.combine(
            texts().injectNull(0.3),
            texts().injectNull(0.7),
            metrics(type).list().uniqueElements(Metric::labels).ofMaxSize(8))
        .as((help, unit, metrics) -> new MetricFamily(name, type, help, unit, metrics));
  }

  public static Arbitrary<Metric> metrics(MetricType type) {
    return Combinators.combine(labels(), values(type)).as(Metric::new);
  }

  private static Arbitrary<Labels> labels() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of("a", "b", "instance", "job", "long_label_name"),
            Arbitraries.strings().withCharRange('c', 'z').ofMinLength(1).ofMaxLength(140));
    return Arbitraries.maps(names, texts())
        .ofMaxSize(5)
        .map(
            labels -> {
              labels.remove("le");
              labels.remove("quantile");
              return Labels.of(labels);
            });
  }

  static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().alpha().ofMaxLength(12),
        Arbitraries.of("", "\\", "\"", "\n", "a\\nb", "ü\"\\\n€", "😀", "\u0000\u0001\t\r\u007f"),
        Arbitraries.strings().withCharRange(' ', '\u017f').ofMinLength(100).ofMaxLength(150));
  }

  private static Arbitrary<Metric.Value> values(MetricType type) {
    return switch (type) {
      case GAUGE, UNTYPED -> numbers().map(Metric.Number::new);
      case COUNTER ->
          Combinators.combine(numbers(), exemplars().injectNull(0.6), timestamps().injectNull(0.6))
              .as(Metric.Number::new);
      case SUMMARY ->
          Combinators.combine(
                  Arbitraries.longs(),
                  numbers(),
                  Combinators.combine(numbers(), numbers())
                      .as(Metric.Quantile::new)
                      .list()
                      .ofMaxSize(4),
                  timestamps().injectNull(0.5))
              .as(Metric.Summary::new);
      case HISTOGRAM, GAUGE_HISTOGRAM ->
          Combinators.combine(
                  Arbitraries.longs(),
                  counts(),
                  numbers(),
                  buckets().list().ofMaxSize(4),
                  nativeBuckets().injectNull(0.4),
                  timestamps().injectNull(0.5))
              .as(Metric.Histogram::new);
    };
  }

  private static Arbitrary<Metric.Bucket> buckets() {
    return Combinators.combine(
            numbers(), Arbitraries.longs(), counts(), exemplars().injectNull(0.6))
        .as(Metric.Bucket::new);
  }

  private static Arbitrary<Metric.NativeBuckets> nativeBuckets() {
    Arbitrary<List<Metric.Span>> spans =
        Combinators.combine(Arbitraries.integers(), Arbitraries.integers())
            .as(Metric.Span::new)
            .list()
            .ofMaxSize(3);
    return Combinators.combine(
            Combinators.combine(Arbitraries.integers(), counts(), Arbitraries.longs(), counts())
                .as(
                    (schema, threshold, count, countFloat) ->
                        new Metric.NativeBuckets(
                            schema,
                            threshold,
                            count,
                            countFloat,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null)),
            spans,
            Arbitraries.longs().list().ofMaxSize(5),
            numbers().list().ofMaxSize(3),
            spans,
            Arbitraries.longs().list().ofMaxSize(5),
            numbers().list().ofMaxSize(3),
            exemplars().list().ofMaxSize(2))
        .as(MetricArbitraries::withBuckets);
  }

  private static Metric.NativeBuckets withBuckets(
      Metric.NativeBuckets scalars,
      List<Metric.Span> negativeSpans,
      List<Long> negativeDeltas,
      List<Double> negativeCounts,
      List<Metric.Span> positiveSpans,
      List<Long> positiveDeltas,
      List<Double> positiveCounts,
      List<Metric.Exemplar> exemplars) {
    return new Metric.NativeBuckets(
        scalars.schema(),
        scalars.zeroThreshold(),
        scalars.zeroCount(),
        scalars.zeroCountFloat(),
        negativeSpans,
        negativeDeltas,
        negativeCounts,
        positiveSpans,
        positiveDeltas,
        positiveCounts,
        exemplars);
  }

  private static Arbitrary<Metric.Exemplar> exemplars() {
    return Combinators.combine(labels(), numbers(), timestamps().injectNull(0.5))
        .as(Metric.Exemplar::new);
  }

  private static Arbitrary<Metric.Timestamp> timestamps() {
    return Combinators.combine(
            Arbitraries.longs(), Arbitraries.integers().between(-999_999_999, 999_999_999))
        .as(Metric.Timestamp::new);
  }

  /** Where 0 means that it is not there, so that minus zero would not survive. */
  private static Arbitrary<Double> counts() {
    return Arbitraries.oneOf(Arbitraries.of(0.0), Arbitraries.doubles().greaterThan(0));
  }

  private static Arbitrary<Double> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.integers().map(Integer::doubleValue),
        Arbitraries.doubles(),
        Arbitraries.of(
            0.0,
            -0.0,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            0.1,
            1e21,
            9007199254740992.0));
  }
}
