/**
 * The gateway as a process of its own: command line, Jetty, start and stop. Entry point: {@link
 * dev.pushgateway.jetty.Main}.
 *
 * <p>The main thread starts everything; a shutdown hook stops everything.
 */
package dev.pushgateway.jetty;
