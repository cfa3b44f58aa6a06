package dev.pushgateway.store;

import dev.pushgateway.change.Change;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the changes of a {@link MetricStore} go before they are made: a file, or a stream that
 * several gateways share.
 *
 * <p>The store calls {@link #append} for one change at a time, in the order in which it makes them.
 * A change that cannot be appended is not made. While the log takes a change, other changes wait;
 * scrapes do not. The store answers a change when its stage has completed.
 */
public interface ChangeLog {
  /** A stage that has completed: nothing is left to wait for. */
  CompletionStage<Void> DURABLE = CompletableFuture.completedFuture(null);

  /** Keeps nothing: the log of a gateway that lives in memory only. */
  ChangeLog NONE = change -> DURABLE;

  /**
   * Adds a change at the end.
   *
   * @return completes when the change, and all changes before it, are as safe as the log promises;
   *     completes with an {@link IOException} if the change may not survive a crash. Stages
   *     complete on any thread
   * @throws IOException if the change cannot be kept; the log is then as it was before
   */
  CompletionStage<Void> append(Change change) throws IOException;
}
