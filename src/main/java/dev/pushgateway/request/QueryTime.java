package dev.pushgateway.request;

import dev.pushgateway.selector.Steps;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the time of a listing, search or selection. The time in which the client reads the
 * response does not count: the server has limits for that. Also ends the query when its client has
 * gone.
 *
 * <p>Not thread-safe: for the thread that serves the request.
 */
public final class QueryTime implements Steps {
  /** Reading the clock takes the time of 25 steps that do nothing. */
  private static final int STEPS_PER_LOOK = 64;

  /**
   * A client that has closed its side of the connection may still read the response. After this
   * time, the client has usually gone. Most queries end before.
   */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Period of checks for the client, each of which costs a system call. */
  private static final long CLIENT_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Duration limit;
  private final ClientConnection client;
  private final LongSupplier nanoTime;
  private final long startNanos;
  private long nextClientCheckNanos;
  private long writingNanos;
  private int steps;

  /**
   * Starts the time.
   *
   * @param limit zero for no limit
   * @param client the connection, to check whether the client still waits for the response
   */
  public QueryTime(Duration limit, ClientConnection client) {
    this(limit, client, System::nanoTime);
  }

  QueryTime(Duration limit, ClientConnection client, LongSupplier nanoTime) {
    this.limit = limit;
    this.client = client;
    this.nanoTime = nanoTime;
    startNanos = nanoTime.getAsLong();
    nextClientCheckNanos = startNanos + PATIENCE_NANOS;
  }

  /**
   * Counts a step.
   *
   * @throws QueryEndedException if the time is over, or the client has gone
   */
  @Override
  public void step() {
    if (++steps == STEPS_PER_LOOK) {
      steps = 0;
      look(nanoTime.getAsLong());
    }
  }

  private void look(long now) {
    if (!limit.isZero() && now - startNanos - writingNanos > limit.toNanos()) {
      throw new QueryEndedException(
          "the query took longer than " + seconds() + " s (--web.query-timeout)");
    }
    if (now - nextClientCheckNanos >= 0) {
      nextClientCheckNanos = now + CLIENT_PERIOD_NANOS;
      if (client.isGone()) {
        throw new QueryEndedException("the client has gone");
      }
    }
  }

  private String seconds() {
    BigDecimal seconds = BigDecimal.valueOf(limit.toNanos(), 9);
    return seconds.stripTrailingZeros().toPlainString();
  }

  /** Returns a stream to the client. The time of writing arrays to the stream does not count. */
  public OutputStream uncounted(OutputStream out) {
    return new Uncounted(out);
  }

  private final class Uncounted extends OutputStream {
    private final OutputStream out;

    Uncounted(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      long before = nanoTime.getAsLong();
      out.write(bytes, from, length);
      writingNanos += nanoTime.getAsLong() - before;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
