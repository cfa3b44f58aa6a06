package dev.pushgateway.persistence;

/**
 * The figures of a persistence file. {@link PersistenceMetrics} explains them.
 *
 * @param lastSyncMillis time of the last sync, in milliseconds since 1970
 * @param lastSyncNanos duration of the last sync, in nanoseconds
 */
record PersistenceStatus(
    long fileBytes,
    long liveBytes,
    long lastSyncMillis,
    long lastSyncNanos,
    long syncs,
    long compactions,
    long failures,
    long interferences,
    long droppedRecords,
    boolean failing,
    boolean isVolumeTooSmall) {

  static PersistenceStatus of(Log log, long liveBytes, long droppedRecords, Room room) {
    SyncQueue.Syncs syncs = log.syncQueue().syncs();
    return new PersistenceStatus(
        log.end(),
        liveBytes,
        syncs.lastMillis(),
        syncs.lastNanos(),
        syncs.count(),
        log.exchangeCount(),
        log.health().failures(),
        log.foreignChanges().count(),
        droppedRecords,
        log.health().reason() != null,
        room.isTooSmall(log.end()));
  }
}
