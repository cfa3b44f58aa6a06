package dev.pushgateway.http;

import java.util.concurrent.TimeUnit;

/**
 * Whether groups are being pushed or deleted. It is for those to find out who want to know, so that
 * it costs a push nothing.
 *
 * <p>Thread-safe.
 */
final class RecentChanges {
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private volatile long lastVersion;
  private volatile long lastNanos = System.nanoTime() - RECENT_NANOS;

  /**
   * Whether there was a change within the last second, as far as somebody has asked meanwhile.
   *
   * @param version of the store, which grows with every change
   * @param now on the clock of {@link System#nanoTime()}
   */
  boolean areThere(long version, long now) {
    if (version != lastVersion) {
      lastVersion = version;
      lastNanos = now;
    }
    return now - lastNanos < RECENT_NANOS;
  }
}
