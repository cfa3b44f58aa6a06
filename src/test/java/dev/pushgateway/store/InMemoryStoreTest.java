package dev.pushgateway.store;

import dev.pushgateway.change.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A store whose changes go to a list, and come back from it. */
class InMemoryStoreTest extends MetricStoreContract {
  private final List<Change> changes = new ArrayList<>();

  private MetricStore start(MetricStore store) {
    store.start(
        change -> {
          changes.add(change);
          return ChangeLog.DURABLE;
        });
    return store;
  }

  @Override
  protected MetricStore open() {
    changes.clear();
    return start(new MetricStore(true, Map.of()));
  }

  @Override
  protected MetricStore reopen(MetricStore store) {
    MetricStore next = new MetricStore(true, Map.of());
    changes.forEach(next::apply);
    return start(next);
  }
}
