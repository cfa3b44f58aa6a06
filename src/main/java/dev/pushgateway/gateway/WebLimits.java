package dev.pushgateway.gateway;

import java.time.Duration;

/**
 * How much a connection may take, for whoever starts a server.
 *
 * @param maxHeaderBytes of request line and headers together; never 0
 * @param maxConnections at a time; {@code Long.MAX_VALUE} for any number
 * @param idleTimeout how long a connection may stay without a byte; 0 for ever
 * @param requestTimeout how long a request may take to arrive, or its answer to be read; 0 for any
 *     time
 * @param minBytesPerSecond how fast a request must arrive, or its answer be read
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
