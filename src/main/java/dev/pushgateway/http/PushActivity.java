package dev.pushgateway.http;

import java.util.concurrent.TimeUnit;

/**
 * Tells whether groups are pushed or deleted. The caller finds that out from the store's version,
 * which costs a push nothing.
 *
 * <p>Thread-safe.
 */
final class PushActivity {
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private volatile long lastVersion;
  private volatile long lastNanos = System.nanoTime() - RECENT_NANOS;

  /**
   * Whether this method has seen another version within the last second.
   *
   * @param version of the store, which grows with every change
   * @param now on the clock of {@link System#nanoTime()}
   */
  boolean isRecent(long version, long now) {
    if (version != lastVersion) {
      lastVersion = version;
      lastNanos = now;
    }
    return now - lastNanos < RECENT_NANOS;
  }
}
