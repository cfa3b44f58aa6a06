package dev.pushgateway.store;

import dev.pushgateway.store.MetricStore.Snapshot;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Makes snapshots of the groups, sorted by key. A snapshot is free if nothing has changed since the
 * last one. If groups were pushed, it costs a copy of references. Only if groups came or went is
 * there something to sort, and the sorting is done without the lock.
 */
final class Snapshots {
  private final Object lock;
  private final GroupTable groups;
  private final GroupOrder order = new GroupOrder();

  /** The last snapshot; {@code null} after a change, so that it keeps nothing alive. */
  private Snapshot latest;

  /** Snapshots of groups that a lock guards. */
  Snapshots(Object lock, GroupTable groups) {
    this.lock = lock;
    this.groups = groups;
  }

  /** Forgets the last snapshot. Call this with the lock, at each change. */
  void forget() {
    latest = null;
  }

  /** All groups at one moment. Call this without the lock. */
  Snapshot take() {
    Group[] copy;
    long version;
    long keysVersion;
    synchronized (lock) {
      if (latest != null) {
        return latest;
      }
      copy = groups.byNumber();
      version = groups.version();
      keysVersion = groups.keysVersion();
    }
    List<Group> sorted = Collections.unmodifiableList(Arrays.asList(order.sort(copy, keysVersion)));
    Snapshot snapshot = new Snapshot(version, sorted);
    synchronized (lock) {
      if (groups.version() == version) {
        latest = snapshot;
      }
    }
    return snapshot;
  }
}
