package dev.pushgateway.access;

import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Counts the requests of all clients together against a {@link RateLimit}.
 *
 * <p>The only state is the time until which past requests have used up the rate. A request moves
 * this time on by one interval. The request is refused if the time would then be more than a burst
 * ahead of now.
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
   * Counts one request.
   *
   * @param current if it differs from the limit of the last call, counting starts anew
   * @return 0 if the request is accepted; otherwise the nanoseconds until a request would be
   *     accepted
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

  /**
   * Returns the nanoseconds of {@code count} intervals. They are at most a quarter of {@link
   * Long#MAX_VALUE}, so that sums cannot overflow.
   */
  private static long nanos(RateLimit limit, int count) {
    long most = Long.MAX_VALUE / 4;
    long seconds = limit.interval().toSeconds();
    if (seconds > most / 1_000_000_000L / count) {
      return most;
    }
    return limit.interval().multipliedBy(count).toNanos();
  }
}
