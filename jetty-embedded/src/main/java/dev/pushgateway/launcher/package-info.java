/**
 * Programs that the launcher runs beside the gateway itself. Entry point: {@link
 * dev.pushgateway.launcher.Training}, which {@code src/main/launcher/pushgateway} names.
 *
 * <p>One thread. Imports {@code jetty}, {@code gateway} and {@code logging}; nothing imports it.
 */
package dev.pushgateway.launcher;
