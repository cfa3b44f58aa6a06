package dev.pushgateway.persistence;

import dev.pushgateway.telemetry.OwnMetrics;
import java.util.function.Supplier;

/** Adds metrics about the persistence file to the gateway's own metrics. */
final class PersistenceMetrics {
  private static final String PREFIX = "pushgateway_persistence_";
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;

  private PersistenceMetrics() {}

  static void register(OwnMetrics metrics, Supplier<PersistenceStatus> status) {
    metrics.gauge(
        PREFIX + "file_size_bytes",
        "Length of the persistence file.",
        () -> status.get().fileBytes());
    metrics.gauge(
        PREFIX + "live_size_bytes",
        "Length the persistence file would have if it were compacted now, about.",
        () -> status.get().liveBytes());
    metrics.gauge(
        PREFIX + "last_sync_timestamp_seconds",
        "Unix time when all that had been pushed was last on the disk.",
        () -> status.get().lastSyncMillis() / MILLIS_PER_SECOND);
    metrics.gauge(
        PREFIX + "last_sync_duration_seconds",
        "How long the last sync of the persistence file took.",
        () -> status.get().lastSyncNanos() / NANOS_PER_SECOND);
    metrics.counter(
        PREFIX + "syncs_total",
        "How often the persistence file was synced to the disk.",
        () -> status.get().syncs());
    metrics.counter(
        PREFIX + "compactions_total",
        "How often the persistence file was rewritten.",
        () -> status.get().compactions());
    metrics.counter(
        PREFIX + "failures_total",
        "How often writing, syncing or rewriting the persistence file has failed.",
        () -> status.get().failures());
    metrics.counter(
        PREFIX + "interferences_total",
        "How often another program has removed, replaced or changed the persistence file.",
        () -> status.get().interferences());
    metrics.gauge(
        PREFIX + "dropped_records",
        "Damages found when the persistence file was loaded; each has cost a record at least.",
        () -> status.get().droppedRecords());
    metrics.gauge(
        PREFIX + "failing",
        "Whether pushes, or only long ones, are refused as the persistence file cannot be written.",
        () -> status.get().failing() ? 1 : 0);
    metrics.gauge(
        PREFIX + "volume_too_small",
        "Whether the volume has no room for twice the content of the persistence file and 1 MiB.",
        () -> status.get().isVolumeTooSmall() ? 1 : 0);
  }
}
