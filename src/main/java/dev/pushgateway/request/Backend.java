package dev.pushgateway.request;

import dev.pushgateway.store.MetricStore;
import java.util.Optional;

/**
 * The store and the state of the gateway, for the servlets. The gateway is deployed before its data
 * is loaded, and stays deployed if loading fails.
 *
 * <p>Thread-safe. The state may change between two calls.
 */
public interface Backend {
  /** Returns the store; absent while {@link #notReadyReason()} is present. */
  Optional<MetricStore> store();

  /**
   * Returns why requests cannot be served yet or any more: one sentence that any client may see.
   * Empty if requests can be served.
   */
  Optional<String> notReadyReason();

  /**
   * Returns the gateway's problem in one sentence that any client may see; empty if there is none.
   */
  Optional<String> unhealthyReason();

  /**
   * Returns the store.
   *
   * @throws RequestRefusedException with the reason if the gateway is not ready
   */
  default MetricStore readyStore() throws RequestRefusedException {
    String reason = notReadyReason().orElse("");
    if (!reason.isEmpty()) {
      throw RequestRefusedException.unavailable("the gateway is not ready: " + reason);
    }
    return store()
        .orElseThrow(() -> RequestRefusedException.unavailable("the gateway is not ready"));
  }
}
