/**
 * A gateway within a server of one's own, or in an OSGi whiteboard: {@link
 * dev.pushgateway.embedded.EmbeddedGateway}. The only package that the bundle exports, and that
 * keeps to its version, which bnd.bnd has.
 *
 * <p>May import {@code gateway}, and servlets; nothing in the core imports it.
 */
package dev.pushgateway.embedded;
