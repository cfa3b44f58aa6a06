/**
 * Servlets: everything about paths, methods, headers, bodies and statuses. Entry point: {@link
 * dev.pushgateway.http.GatewayServlet}.
 *
 * <p>All endpoints are called by many threads at once. Knows no server and no settings.
 */
package dev.pushgateway.http;
