package dev.pushgateway.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pushgateway.bytes.NumberWriter;
import dev.pushgateway.model.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeBucketTest {
  @Test
  void listsWholeCountsAsTheGoGatewayDoes() {
    Metric.NativeBuckets buckets =
        new Metric.NativeBuckets(
            1,
            0.001,
            2,
            0,
            List.of(new Metric.Span(0, 2), new Metric.Span(1, 1)),
            List.of(1L, 2L, -2L),
            List.of(),
            List.of(new Metric.Span(0, 2), new Metric.Span(0, 2)),
            List.of(1L, 2L, -2L, 3L),
            List.of(),
            List.of());
    assertEquals(
        """
        1 -2.82842712474619 -2 1
        1 -1.414213562373095 -1 3
        1 -1 -0.7071067811865475 1
        3 -0.001 0.001 2
        0 0.7071067811865475 1 1
        0 1 1.414213562373095 3
        0 1.414213562373095 2 1
        0 2 2.82842712474619 4
        """,
        list(0, buckets));
  }

  @Test
  void listsFloatCountsAsTheGoGatewayDoes() {
    Metric.NativeBuckets buckets =
        new Metric.NativeBuckets(
            1,
            0.001,
            0,
            1.5,
            List.of(new Metric.Span(0, 2)),
            List.of(),
            List.of(2.0, 1.5),
            List.of(new Metric.Span(0, 2), new Metric.Span(1, 2)),
            List.of(),
            List.of(2.5, 2.0, 3.0, 8.0),
            List.of());
    assertEquals(
        """
        1 -1.414213562373095 -1 1.5
        1 -1 -0.7071067811865475 2
        3 -0.001 0.001 1.5
        0 0.7071067811865475 1 2.5
        0 1 1.414213562373095 2
        0 2 2.82842712474619 3
        0 2.82842712474619 4 8
        """,
        list(20.5, buckets));
  }

  @Test
  void leavesOutEmptyBuckets() {
    assertEquals("0 0.5 1 5\n0 2 4 5\n", list(0, positive(0, List.of(5L, -5L, 5L), 0, 3)));
  }

  @Test
  void readsSpansOnlyAsFarAsThereAreBuckets() {
    assertEquals("0 0.5 1 5\n", list(0, positive(0, List.of(5L), 0, -1)));
    assertEquals("0 4 8 5\n", list(0, positive(0, List.of(5L, 1L), 3, 1)));
  }

  @Test
  void skipsSpansWithoutLength() {
    Metric.NativeBuckets buckets =
        new Metric.NativeBuckets(
            0,
            0,
            0,
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(new Metric.Span(1, 0), new Metric.Span(1, 0), new Metric.Span(1, 1)),
            List.of(7L),
            List.of(),
            List.of());
    assertEquals("0 4 8 7\n", list(0, buckets));
  }

  @Test
  void writesCountsBelowZeroUnsignedAsTheGoGatewayDoes() {
    assertEquals("0 0.5 1 18446744073709551615\n", list(0, positive(0, List.of(-1L), 0, 1)));
  }

  @Test
  void hasNoBucketsForBoundsItCannotKnow() {
    assertEquals("", list(0, positive(-53, List.of(1L), 0, 1)));
    assertEquals("", list(0, positive(9, List.of(1L), 0, 1)));
    assertEquals("", list(0, positive(Integer.MAX_VALUE, List.of(1L), 0, 1)));
  }

  @Test
  void hasNoBucketsForAClassicHistogram() {
    Metric.Histogram classic = new Metric.Histogram(1, 0, 1, List.of(), null, null);
    assertEquals(List.of(), NativeBucket.of(classic));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "1, 0, 2",
    "-1, 0, 0.5",
    "1024, 0, 1.7976931348623157e308",
    "1025, 0, Infinity",
    "-1074, 0, 4.9e-324",
    "-1075, 0, 0",
    "2147483647, 0, Infinity",
    "-2147483648, 0, 0",
    "1, 1, 1.414213562373095",
    "1, 2, 1.189207115002721",
    "1, 3, 1.0905077326652577",
    "1, 8, 1.0027112750502025",
    "255, 8, 1.9945921121709396",
    "256, 8, 2",
    "262144, 8, 1.7976931348623157e308",
    "1, -1, 4",
    "1, -4, 65536",
    "-1, -4, 1.52587890625e-05",
    "64, -4, 1.7976931348623157e308",
    "65, -4, Infinity",
    "1, -10, 1.7976931348623157e308",
    "5, -2147483648, 1",
  })
  void knowsTheBoundsOfPrometheus(int index, int schema, double bound) {
    assertEquals(bound, NativeBounds.upperBound(index, schema));
  }

  /** The sum over the table of Prometheus, taken from there on 2026-11-22. */
  @Test
  void hasTheTableOfPrometheusToTheLastBit() {
    long sum = 0;
    for (int i = 0; i < 256; i++) {
      sum = sum * 31 + Double.doubleToRawLongBits(NativeBounds.upperBound(i - 256, 8));
    }
    assertEquals(-5983382464228829601L, sum);
  }

  @Test
  void boundsAscend() {
    for (int schema = 0; schema <= 8; schema++) {
      for (int i = -300; i < 300; i++) {
        double lower = NativeBounds.upperBound(i, schema);
        assertTrue(lower < NativeBounds.upperBound(i + 1, schema), schema + " " + i);
      }
    }
  }

  private static Metric.NativeBuckets positive(
      int schema, List<Long> deltas, int offset, int length) {
    return new Metric.NativeBuckets(
        schema,
        0,
        0,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(new Metric.Span(offset, length)),
        deltas,
        List.of(),
        List.of());
  }

  private static String list(double countFloat, Metric.NativeBuckets buckets) {
    StringBuilder text = new StringBuilder();
    Metric.Histogram histogram =
        new Metric.Histogram(20, countFloat, 99.23, List.of(), buckets, null);
    for (NativeBucket bucket : NativeBucket.of(histogram)) {
      text.append(bucket.boundaries()).append(' ');
      text.append(NumberWriter.toString(bucket.lower())).append(' ');
      text.append(NumberWriter.toString(bucket.upper())).append(' ');
      text.append(bucket.count()).append('\n');
    }
    return text.toString();
  }
}
