/**
 * The gateway as a process of its own: command line, Jetty, start and end. Entry point: {@link
 * dev.pushgateway.jetty.Main}.
 *
 * <p>The main thread starts everything; a shutdown hook stops it. Imports {@code gateway} and
 * {@code logging}.
 */
package dev.pushgateway.jetty;
