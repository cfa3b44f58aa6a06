package dev.pushgateway.http;

import dev.pushgateway.model.Labels;
import dev.pushgateway.model.Metric;
import dev.pushgateway.model.MetricFamily;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.protobuf.OfficialProtobuf;
import dev.pushgateway.store.MetricStore;
import dev.pushgateway.store.StoreTesting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a gateway of a small company may hold: for tests of the page and its pictures. */
final class DemoGroups {
  private DemoGroups() {}

  /** Pushes the groups, at different times before now. */
  static void push(GatewayFixture gateway) throws Exception {
    push(gateway.store());
    pushNative(gateway);
  }

  /** The same without the one that only protobuf can carry. */
  static void push(MetricStore store) {
    push(
        store,
        Duration.ofMinutes(3),
        backup("sda1", 412_316_860_416L, 14.2),
        "nightly-backup",
        "instance",
        "db-1.example");
    push(
        store,
        Duration.ofMinutes(4),
        backup("sdb1", 98_316_860_416L, 8.9),
        "nightly-backup",
        "instance",
        "db-2.example");
    push(
        store,
        Duration.ofDays(9),
        backup("sda1", 12_316_860_416L, 4.1),
        "nightly-backup",
        "instance",
        "db-old.example");
    push(store, Duration.ofSeconds(41), IMPORT, "invoice-import", "env", "prod", "region", "eu");
    push(
        store,
        Duration.ofHours(2),
        IMPORT.replace("1824", "77"),
        "invoice-import",
        "env",
        "test",
        "region",
        "eu");
    push(
        store,
        Duration.ofHours(26),
        "# TYPE rows_exported counter\nrows_exported 1.5e+06\n",
        "warehouse/export",
        "schedule",
        "daily 02:00");
    for (int shard = 0; shard < 8; shard++) {
      push(store, Duration.ofMinutes(11 + shard), SHARD, "mail-queue", "shard", "" + shard);
    }
    fail(store, Duration.ofMinutes(2), "invoice-import", "env", "prod", "region", "us");
  }

  private static void push(
      MetricStore store, Duration age, String text, String job, String... labels) {
    long time = nanos(age);
    String reason =
        StoreTesting.push(store, StoreTesting.put(StoreTesting.key(job, labels), time, text));
    if (!reason.isEmpty()) {
      throw new IllegalStateException(reason);
    }
  }

  private static void fail(MetricStore store, Duration age, String job, String... labels) {
    push(store, age.plusHours(5), IMPORT.replace("1824", "3"), job, labels);
    StoreTesting.push(
        store, StoreTesting.put(StoreTesting.key(job, labels), nanos(age), "late 1 1\n"));
  }

  private static long nanos(Duration age) {
    return Instant.now().minus(age).toEpochMilli() * 1_000_000;
  }

  private static String backup(String device, long bytes, double seconds) {
    return """
        # HELP backup_bytes Size of the last backup.
        # TYPE backup_bytes gauge
        backup_bytes{device="%1$s",kind="full"} %2$s
        backup_bytes{device="%1$s",kind="incremental"} 48234496
        # HELP backup_duration_seconds How long the last backup took, by phase.
        # TYPE backup_duration_seconds gauge
        backup_duration_seconds{phase="dump"} %3$s
        backup_duration_seconds{phase="upload"} 61.75
        # HELP backup_last_success_timestamp_seconds When a backup last succeeded.
        # TYPE backup_last_success_timestamp_seconds gauge
        backup_last_success_timestamp_seconds 1.795384061e+09
        """
        .formatted(device, bytes, seconds);
  }

  private static final String IMPORT =
      """
      # HELP import_request_duration_seconds Time to fetch one invoice.
      # TYPE import_request_duration_seconds histogram
      import_request_duration_seconds_bucket{le="0.05"} 12
      import_request_duration_seconds_bucket{le="0.1"} 340
      import_request_duration_seconds_bucket{le="0.25"} 1190
      import_request_duration_seconds_bucket{le="0.5"} 1630
      import_request_duration_seconds_bucket{le="1"} 1790
      import_request_duration_seconds_bucket{le="2.5"} 1815
      import_request_duration_seconds_bucket{le="+Inf"} 1824
      import_request_duration_seconds_sum 431.5
      import_request_duration_seconds_count 1824
      # HELP import_rows_total Rows that were imported, by their fate.
      # TYPE import_rows_total counter
      import_rows_total{result="created"} 1824
      import_rows_total{result="skipped"} 93
      # HELP import_parse_seconds Time to parse one document.
      # TYPE import_parse_seconds summary
      import_parse_seconds{quantile="0.5"} 0.0021
      import_parse_seconds{quantile="0.9"} 0.0064
      import_parse_seconds{quantile="0.99"} 0.0189
      import_parse_seconds_sum 6.37
      import_parse_seconds_count 1824
      """;

  private static final String SHARD =
      """
      # HELP mail_sent_total Mails handed over to the next server.
      # TYPE mail_sent_total counter
      mail_sent_total 48211
      mail_oldest_seconds 12.5
      """;

  private static void pushNative(GatewayFixture gateway) throws Exception {
    Metric.NativeBuckets buckets =
        new Metric.NativeBuckets(
            1,
            0.001,
            4,
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(new Metric.Span(-6, 4), new Metric.Span(1, 8)),
            List.of(3L, 5L, 14L, 20L, 12L, 3L, -9L, -18L, -12L, -9L, -5L, -2L),
            List.of(),
            List.of());
    Metric metric =
        new Metric(
            Labels.of("stage", "resize"),
            new Metric.Histogram(315, 0, 212.4, List.of(), buckets, null));
    MetricFamily family =
        new MetricFamily(
            "thumbnail_seconds",
            MetricType.HISTOGRAM,
            "Time to make one thumbnail, as a native histogram.",
            null,
            List.of(metric));
    gateway.send(
        "PUT",
        "/metrics/job/thumbnails/host/worker-3",
        OfficialProtobuf.encode(List.of(family)),
        "Content-Type",
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
            + " encoding=delimited");
  }
}
