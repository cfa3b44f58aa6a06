/**
 * A gateway within another server, or in an OSGi whiteboard: {@link
 * dev.pushgateway.embedded.EmbeddedGateway}. The bundle exports only this package; bnd.bnd has its
 * version.
 *
 * <p>May import {@code gateway} and servlets. No other package of the core imports this package.
 */
package dev.pushgateway.embedded;
