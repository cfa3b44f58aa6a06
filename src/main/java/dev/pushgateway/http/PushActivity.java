package dev.pushgateway.http;

import java.util.concurrent.TimeUnit;

/**
 * Tells whether groups are pushed or deleted at the moment, from the store's version. This costs a
 * push nothing.
 *
 * <p>Thread-safe.
 */
final class PushActivity {
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private volatile long lastVersion;
  private volatile long lastNanos = System.nanoTime() - RECENT_NANOS;

  /**
   * Returns whether the version has changed within the last second, as far as calls of this method
   * have seen.
   *
   * @param version of the store, which grows with every change
   * @param now as {@link System#nanoTime()}
   */
  boolean isRecent(long version, long now) {
    if (version != lastVersion) {
      lastVersion = version;
      lastNanos = now;
    }
    return now - lastNanos < RECENT_NANOS;
  }
}
