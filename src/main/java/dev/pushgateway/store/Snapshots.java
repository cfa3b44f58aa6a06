package dev.pushgateway.store;

import dev.pushgateway.store.MetricStore.Snapshot;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes snapshots of the groups, sorted by key. A snapshot is free if nothing has changed since the
 * last one. After a push, it takes a copy of references. Groups are only sorted if some were added
 * or removed, and outside the lock.
 */
final class Snapshots {
  private final Object lock;
  private final GroupTable groups;

  /** The last snapshot; {@code null} after a change, so that replaced data can be freed. */
  private Snapshot latest;

  /** Two threads may compute an order at once. Either one is correct for its version. */
  private volatile Order order = new Order(-1, new Integer[0]);

  /** The group numbers sorted by key, at one version of the set of keys. */
  private record Order(long keysVersion, Integer[] numbers) {}

  /**
   * Creates snapshots of groups.
   *
   * @param lock guards the groups
   */
  Snapshots(Object lock, GroupTable groups) {
    this.lock = lock;
    this.groups = groups;
  }

  /** Forgets the last snapshot. Call this at each change, with the lock held. */
  void forget() {
    latest = null;
  }

  /** Returns all groups at one moment. Call this without the lock. */
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
    Order byKey = order(copy, keysVersion);
    Snapshot snapshot =
        new Snapshot(version, Stream.of(byKey.numbers).map(number -> copy[number]).toList());
    synchronized (lock) {
      if (groups.version() == version) {
        latest = snapshot;
      }
    }
    return snapshot;
  }

  private Order order(Group[] copy, long keysVersion) {
    Order known = order;
    if (known.keysVersion != keysVersion) {
      Integer[] numbers =
          IntStream.range(0, copy.length)
              .filter(number -> copy[number] != null)
              .boxed()
              .toArray(Integer[]::new);
      Arrays.sort(numbers, Comparator.comparing(number -> copy[number].key()));
      known = new Order(keysVersion, numbers);
      order = known;
    }
    return known;
  }
}
