/**
 * The gateway's metrics about itself, its JVM and its process. Entry point: {@link
 * dev.pushgateway.telemetry.OwnMetrics}.
 *
 * <p>Thread-safe. No method waits, except for another scrape of the JVM's metrics. There is no
 * global state, so that a web application can be redeployed.
 */
package dev.pushgateway.telemetry;
