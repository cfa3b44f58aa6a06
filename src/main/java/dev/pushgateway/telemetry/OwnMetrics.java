package dev.pushgateway.telemetry;

import java.util.Map;

/**
 * The gateway's metrics about itself, its JVM and its process.
 *
 * <p>Thread-safe.
 */
public final class OwnMetrics {
  /**
   * Metrics in a registry of their own.
   *
   * @param buildInformation {@code version}, {@code revision}, {@code branch} and {@code goVersion}
   *     for {@code pushgateway_build_info}; what is missing is empty
   */
  public OwnMetrics(Map<String, String> buildInformation) {}

  /** All metrics in text format 0.0.4. */
  public byte[] scrape() {
    throw new UnsupportedOperationException();
  }
}
