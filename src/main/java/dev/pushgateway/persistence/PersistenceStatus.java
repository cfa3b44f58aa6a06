package dev.pushgateway.persistence;

/**
 * A persistence file in numbers. {@link PersistenceMetrics} says what they mean.
 *
 * @param lastSyncMillis since 1970
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
    boolean failing) {}
