/**
 * TLS as a web config file wants it, with what the JDK has. Entry point: {@link
 * dev.pushgateway.tls.ServerTls}.
 *
 * <p>Contexts are immutable and replaced when a file changes. Knows no server.
 */
package dev.pushgateway.tls;
