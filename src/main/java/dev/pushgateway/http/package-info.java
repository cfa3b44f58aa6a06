/**
 * Servlets: everything about paths, methods, headers, bodies and statuses. Entry point: {@link
 * dev.pushgateway.http.GatewayServlet}.
 *
 * <p>One class per endpoint; all are called by many threads at once. Imports {@code store}, {@code
 * access}, {@code selector}, {@code exposition} and {@code telemetry}; knows no server and no
 * settings.
 */
package dev.pushgateway.http;
