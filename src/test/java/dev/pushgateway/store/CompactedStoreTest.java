package dev.pushgateway.store;

import java.util.Map;

/** A store that comes back from the states of its groups, as a compacted log has them. */
class CompactedStoreTest extends MetricStoreContract {
  @Override
  protected MetricStore open() {
    return StoreTesting.startedStore();
  }

  @Override
  protected MetricStore reopen(MetricStore store) {
    MetricStore next = new MetricStore(true, Map.of());
    for (Group group : store.groups()) {
      next.apply(group.stored());
    }
    next.start(ChangeLog.NONE);
    return next;
  }
}
