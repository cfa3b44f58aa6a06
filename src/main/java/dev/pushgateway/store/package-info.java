/**
 * What is pushed, by group; the index by family name that keeps the whole consistent; pushes,
 * deletions, wipes and snapshots. Entry point: {@link dev.pushgateway.store.MetricStore}.
 *
 * <p>One lock guards all state and is held shortly; what is handed out is immutable. Declares
 * {@link dev.pushgateway.store.ChangeLog}, to which changes go, and knows nothing of files.
 */
package dev.pushgateway.store;
