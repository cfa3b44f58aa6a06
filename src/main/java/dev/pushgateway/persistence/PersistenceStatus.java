package dev.pushgateway.persistence;

/**
 * A persistence file in numbers, for the gateway's own metrics.
 *
 * @param fileBytes how long the file is
 * @param liveBytes how long it would be if it were rewritten now, about
 * @param lastSyncMillis when all that had been appended was last on the disk, in milliseconds since
 *     1970
 * @param lastSyncNanos how long that sync took
 * @param syncs how often the file was synced
 * @param compactions how often the file was rewritten, for whatever reason
 * @param failures how often writing, syncing or rewriting has failed
 * @param interferences how often somebody else has removed, replaced or changed the file
 * @param droppedRecords how many damages were found when the file was read; each has cost one
 *     record at least
 * @param failing whether changes cannot be kept at the moment
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
