package dev.pushgateway.http;

import dev.pushgateway.request.Backend;
import dev.pushgateway.store.MetricStore;
import java.util.Optional;

/** A backend that waits for its file. */
record NotReady(Backend backend) implements Backend {
  @Override
  public Optional<MetricStore> store() {
    return Optional.empty();
  }

  @Override
  public Optional<String> notReadyReason() {
    return Optional.of("the file is locked");
  }

  @Override
  public Optional<String> unhealthyReason() {
    return Optional.empty();
  }
}
