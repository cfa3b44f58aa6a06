/**
 * Who gets in, and what they may do there: {@code --web.config.file}, read and kept up to date, and
 * the passwords, tokens and roles in it. Entry point: {@link dev.pushgateway.access.WebConfigFile}.
 *
 * <p>What was read is immutable; the rest is thread-safe. Knows neither servlets nor TLS: settings
 * of those are values here, for others to act on.
 */
package dev.pushgateway.access;
