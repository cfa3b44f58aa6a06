package dev.pushgateway.request;

import dev.pushgateway.store.MetricStore;
import java.util.Optional;

/**
 * What the servlets work on. The gateway is deployed before its state is loaded, and stays deployed
 * if it fails; this says which.
 *
 * <p>Thread-safe, and asked anew for each request.
 */
public interface Backend {
  /** The store; absent as long as {@link #notReadyReason()} is there. */
  Optional<MetricStore> store();

  /**
   * Why requests cannot be served yet or any more, in one sentence for anybody; empty if they can.
   */
  Optional<String> notReadyReason();

  /** What is wrong with the gateway, in one sentence for anybody; empty if nothing is. */
  Optional<String> unhealthyReason();

  /**
   * Returns the store, for a request that needs it.
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
