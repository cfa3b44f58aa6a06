/**
 * Servlets and filters: paths, methods, headers and statuses. Entry point: {@link
 * dev.pushgateway.http.GatewayServlet}.
 *
 * <p>Many threads call all endpoints at the same time. The package knows neither servers nor
 * settings.
 */
package dev.pushgateway.http;
