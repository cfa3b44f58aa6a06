/**
 * The words of the exposition formats: metric family, metric, labels, names, types and escaping.
 * Entry point: {@link dev.pushgateway.model.Metric}.
 *
 * <p>All values are immutable. Imports nothing of the gateway.
 */
package dev.pushgateway.model;
