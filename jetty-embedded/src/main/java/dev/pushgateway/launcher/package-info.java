/**
 * Programs that the launcher runs in addition to the gateway. Entry point: {@link
 * dev.pushgateway.launcher.Training}, which {@code src/main/launcher/pushgateway} names.
 *
 * <p>One thread. Imports {@code jetty}, {@code gateway} and {@code logging}; no package imports
 * this one.
 */
package dev.pushgateway.launcher;
