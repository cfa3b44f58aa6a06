package dev.pushgateway.http;

import dev.pushgateway.store.MetricStore;

/** The store of a backend, if it is ready. */
final class Stores {
  private Stores() {}

  static MetricStore ready(Backend backend) throws RequestRefusedException {
    String reason = backend.notReadyReason().orElse("");
    if (!reason.isEmpty()) {
      throw RequestRefusedException.unavailable("the gateway is not ready: " + reason);
    }
    return backend
        .store()
        .orElseThrow(() -> RequestRefusedException.unavailable("the gateway is not ready"));
  }
}
