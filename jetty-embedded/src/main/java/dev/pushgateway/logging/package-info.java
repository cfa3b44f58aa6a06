/**
 * Log lines on standard error in the format of the Go gateway: an SLF4J provider. Entry point:
 * {@link dev.pushgateway.logging.LogConfiguration}.
 *
 * <p>Thread-safe; one line is one write. Imports no other package of the gateway. Written by hand
 * because no small provider has logfmt: Logback with an encoder would add 1 MB and 150 ms to the
 * start.
 */
package dev.pushgateway.logging;
