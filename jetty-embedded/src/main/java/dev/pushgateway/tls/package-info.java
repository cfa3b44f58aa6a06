/**
 * TLS with the settings of a web config file and the means of the JDK. Entry point: {@link
 * dev.pushgateway.tls.ServerTls}.
 *
 * <p>Contexts are immutable, and replaced when a file changes. The package knows no server.
 */
package dev.pushgateway.tls;
