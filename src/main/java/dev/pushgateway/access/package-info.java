/**
 * Access control: {@code --web.config.file}, kept up to date, and its passwords, tokens and roles.
 * Entry point: {@link dev.pushgateway.access.WebConfigFile}.
 *
 * <p>Settings that were read are immutable; the rest is thread-safe. The package knows neither
 * servlets nor TLS: it returns their settings as values.
 */
package dev.pushgateway.access;
