/**
 * The gateway's metrics about itself, its JVM and its process. Entry point: {@link
 * dev.pushgateway.telemetry.OwnMetrics}.
 *
 * <p>Thread-safe; nothing in here waits for anything. Holds no global state, so that a web
 * application can be redeployed. Imports nothing of the gateway.
 */
package dev.pushgateway.telemetry;
