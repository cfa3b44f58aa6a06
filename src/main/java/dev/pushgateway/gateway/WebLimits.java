package dev.pushgateway.gateway;

import java.time.Duration;

/**
 * How much a connection may take, for whoever starts a server. 0 stands for no limit.
 *
 * @param maxHeaderBytes of request line and headers together; never 0
 * @param idleTimeout how long a connection may stay without a byte
 */
public record WebLimits(long maxHeaderBytes, Duration idleTimeout) {
  static final long LEAST_HEADER_BYTES = 1 << 10;
  static final long MOST_HEADER_BYTES = 16 << 20;
}
