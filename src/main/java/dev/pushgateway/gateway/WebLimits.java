package dev.pushgateway.gateway;

import java.time.Duration;

/**
 * Limits of connections, which the server enforces.
 *
 * @param maxHeaderBytes of request line and headers together; never 0
 * @param maxConnections maximum number of connections; {@code Long.MAX_VALUE} for no limit
 * @param idleTimeout maximum time without a byte; 0 for no limit
 * @param requestTimeout maximum time for a request to arrive, or for a response to be read; 0 for
 *     no limit
 * @param minBytesPerSecond minimum transfer rate of requests and responses
 */
public record WebLimits(
    long maxHeaderBytes,
    long maxConnections,
    Duration idleTimeout,
    Duration requestTimeout,
    long minBytesPerSecond) {
  static final long LEAST_HEADER_BYTES = 1 << 10;
  static final long MOST_HEADER_BYTES = 16 << 20;
}
