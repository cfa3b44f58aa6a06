package dev.pushgateway.store;

import dev.pushgateway.store.MetricStore.Snapshot;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes snapshots of the groups, sorted by key. A snapshot is free if nothing has changed since the
 * last one. If groups were pushed, it costs a copy of references. Only if groups came or went is
 * there something to sort, and the sorting is done without the lock.
 */
final class Snapshots {
  private final Object lock;
  private final GroupTable groups;

  /** The last snapshot; {@code null} after a change, so that it keeps nothing alive. */
  private Snapshot latest;

  /** Of two orders found at once, the one that is kept is right for its version. */
  private volatile Order order = new Order(-1, new Integer[0]);

  /** Group numbers by key, as they were at a version of the set of keys. */
  private record Order(long keysVersion, Integer[] numbers) {}

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
