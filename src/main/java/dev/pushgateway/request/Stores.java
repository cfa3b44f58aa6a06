package dev.pushgateway.request;

import dev.pushgateway.store.MetricStore;

/** The store of a backend, if it is ready. */
public final class Stores {
  private Stores() {}

  public static MetricStore ready(Backend backend) throws RequestRefusedException {
    String reason = backend.notReadyReason().orElse("");
    if (!reason.isEmpty()) {
      throw RequestRefusedException.unavailable("the gateway is not ready: " + reason);
    }
    return backend
        .store()
        .orElseThrow(() -> RequestRefusedException.unavailable("the gateway is not ready"));
  }
}
