/**
 * The gateway as a whole: its settings, and the listener that opens, wires and closes everything.
 * Entry points: {@link dev.pushgateway.gateway.GatewayListener} for containers, {@link
 * dev.pushgateway.gateway.Settings} for programs that start a gateway.
 *
 * <p>Settings are immutable. The container's threads call the listener one after the other. May
 * import all packages of the core; only {@code embedded} imports this package.
 */
package dev.pushgateway.gateway;
