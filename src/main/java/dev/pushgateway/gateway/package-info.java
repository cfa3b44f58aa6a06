/**
 * The gateway as a whole: its settings, and the listener that opens, wires and closes everything.
 * Entry points: {@link dev.pushgateway.gateway.GatewayListener} for a container, {@link
 * dev.pushgateway.gateway.Settings} for whoever starts one.
 *
 * <p>Settings are immutable; the listener is called by the container's threads, one after the
 * other. May import everything in the core, and is imported by {@code embedded} only.
 */
package dev.pushgateway.gateway;
