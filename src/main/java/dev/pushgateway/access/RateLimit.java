package dev.pushgateway.access;

import java.time.Duration;

/**
 * Limits the rate of requests: on average one request per interval, and up to {@code burst} at once
 * after a pause.
 *
 * @param interval longer than zero
 * @param burst at least 1
 */
public record RateLimit(Duration interval, int burst) {}
