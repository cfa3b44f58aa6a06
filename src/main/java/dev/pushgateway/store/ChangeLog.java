package dev.pushgateway.store;

import dev.pushgateway.change.Change;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The log to which a {@link MetricStore} appends each change before it makes the change. It is a
 * file, or a stream that several gateways share.
 *
 * <p>The store appends one change at a time, in the order in which it makes them. A change that
 * cannot be appended is not made. While {@link #append} runs, other changes wait; scrapes do not.
 * The store answers a change when the returned stage has completed.
 */
public interface ChangeLog {
  /** A completed stage: there is nothing to wait for. */
  CompletionStage<Void> DURABLE = CompletableFuture.completedFuture(null);

  /** Keeps nothing, for a gateway that only keeps metrics in memory. */
  ChangeLog NONE = change -> DURABLE;

  /**
   * Appends a change.
   *
   * @return a stage that completes when this change and all earlier ones are as durable as the log
   *     promises. It completes with an {@link IOException} if the change may not survive a crash.
   *     Any thread may complete it.
   * @throws IOException if the change cannot be kept; the log has not changed then
   */
  CompletionStage<Void> append(Change change) throws IOException;
}
