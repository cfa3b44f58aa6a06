package dev.pushgateway.access;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts requests against a {@link RateLimit}, those of all clients together.
 *
 * <p>One number says all: the time until which what was taken is paid for. A request moves it on by
 * an interval; it is refused if that would be more than a burst ahead of now.
 *
 * <p>Thread-safe.
 */
public final class RateLimiter {
  private final LongSupplier nanoTime;
  private Optional<RateLimit> limit = Optional.empty();
  private long paidUntil;

  public RateLimiter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Asks for one request.
   *
   * @param current if it is another one than the last time, it counts from nothing
   * @return 0 if the request is taken; else after how many nanoseconds the next one would be
   */
  public long countRequest(Optional<RateLimit> current) {
    return current.isEmpty() ? 0 : countRequest(current.get());
  }

  private synchronized long countRequest(RateLimit current) {
    long now = nanoTime.getAsLong();
    if (limit.isEmpty() || !limit.get().equals(current)) {
      limit = Optional.of(current);
      paidUntil = now;
    }
    long interval = nanos(current, 1);
    long from = paidUntil - now > 0 ? paidUntil : now;
    long wait = from - now + interval - nanos(current, current.burst());
    if (wait > 0) {
      return wait;
    }
    paidUntil = from + interval;
    return 0;
  }

  /** So many intervals; at most a quarter of what there is, so that no sum overflows. */
  private static long nanos(RateLimit limit, int count) {
    long most = Long.MAX_VALUE / 4;
    long seconds = limit.interval().toSeconds();
    if (seconds > most / 1_000_000_000L / count) {
      return most;
    }
    return limit.interval().multipliedBy(count).toNanos();
  }
}
