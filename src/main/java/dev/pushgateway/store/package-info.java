/**
 * The pushed families by group, and the index by family name that keeps them consistent. Makes
 * pushes, deletions, wipes and snapshots. Entry point: {@link dev.pushgateway.store.MetricStore}.
 *
 * <p>One lock guards all state and is only held for a short time. All results are immutable. The
 * package declares {@link dev.pushgateway.store.ChangeLog}, to which changes are appended, and
 * knows nothing of files.
 */
package dev.pushgateway.store;
