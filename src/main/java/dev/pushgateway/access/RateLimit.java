package dev.pushgateway.access;

import java.time.Duration;

/**
 * How many requests are taken: one each interval, and so many at once after a pause.
 *
 * @param interval more than nothing
 * @param burst at least 1
 */
public record RateLimit(Duration interval, int burst) {}
