package dev.pushgateway.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the groups that expose a series: a map from the hash of a series to the numbers of groups.
 *
 * <pre>
 *   hash  ........ ssssssss …          the lowest 8 bits choose one of 256 segments,
 *   keys   [0][h1][h2][0][h3]…          in a segment, the others choose a place (linear probing)
 *   owners [ ][ 7][ 7][ ][ 2]…
 *   others {h1: [9]}                    owners of other series with the same hash
 * </pre>
 *
 * <p>Two series may have the same hash, so an owner is a hint: the caller compares names. The
 * probability is so small that {@code others} is empty in practice.
 *
 * <p>Segments grow one at a time, so no push waits for more than 1/256 of the store. A place takes
 * twelve bytes; at most four in five places are in use. Guarded by the store's lock.
 */
final class SeriesIndex {
  /** The result of {@link #owner} for a hash without a group. */
  static final int NO_GROUP = -1;

  private static final int SEGMENTS = 256;
  private static final int SEGMENT_BITS = 8;
  private static final int INITIAL_CAPACITY = 16;
  private static final long KEY_BIT = 1L << 63;

  /** The maximum number of series for which a segment reserves places. */
  private static final int MAX_EXPECTED = 1 << 20;

  private final long hashMask;
  private final Segment[] segments = new Segment[SEGMENTS];

  /** The other owners of a masked hash, in the order in which they came. */
  private final Map<Long, List<Integer>> others = new HashMap<>();

  /**
   * Creates an index with room for the expected series. A few segments may still have to grow.
   *
   * @param hashMask the bits of a hash that are used; all of them, except in tests of collisions
   */
  SeriesIndex(long expected, long hashMask) {
    this.hashMask = hashMask;
    int perSegment = (int) Math.min(MAX_EXPECTED, expected / SEGMENTS);
    int capacity = Math.max(INITIAL_CAPACITY, perSegment + perSegment / 4 + perSegment / 32);
    Arrays.setAll(segments, i -> new Segment(capacity));
  }

  /**
   * Returns the first group that exposes a series with this hash.
   *
   * @return {@link #NO_GROUP} if there is none
   */
  int owner(long hash) {
    long masked = hash & hashMask;
    return segment(masked).owner(key(masked));
  }

  /** Returns the other groups that expose a series with this hash; usually none. */
  List<Integer> otherOwners(long hash) {
    return others.isEmpty() ? List.of() : others.getOrDefault(hash & hashMask, List.of());
  }

  /** Notes that a group exposes a series. No other group may expose it. */
  void add(long hash, int owner) {
    long masked = hash & hashMask;
    if (!segment(masked).add(key(masked), owner)) {
      others.computeIfAbsent(masked, key -> new ArrayList<>()).add(owner);
    }
  }

  /** Removes a series that a group has exposed. */
  void remove(long hash, int owner) {
    long masked = hash & hashMask;
    Segment segment = segment(masked);
    List<Integer> more = others.isEmpty() ? null : others.get(masked);
    if (more == null) {
      segment.remove(key(masked));
      return;
    }
    if (segment.owner(key(masked)) != owner) {
      more.remove((Integer) owner);
    } else {
      segment.setOwner(key(masked), more.remove(0));
    }
    if (more.isEmpty()) {
      others.remove(masked);
    }
  }

  private Segment segment(long masked) {
    return segments[(int) masked & SEGMENTS - 1];
  }

  private static long key(long masked) {
    return masked >>> SEGMENT_BITS | KEY_BIT;
  }

  /**
   * A hash table. Its keys are never 0: bit 63 is set. The table grows by an eighth; with doubling,
   * a third of the memory was unused.
   */
  private static final class Segment {
    private long[] keys;
    private int[] owners;
    private int size;

    Segment(int capacity) {
      keys = new long[capacity];
      owners = new int[capacity];
    }

    int owner(long key) {
      int at = find(key);
      return keys[at] == 0 ? NO_GROUP : owners[at];
    }

    /**
     * Adds a key, unless it is in the table.
     *
     * @return whether it was added
     */
    boolean add(long key, int owner) {
      if (size + 1 > keys.length - keys.length / 5) {
        resize(keys.length + keys.length / 8);
      }
      int at = find(key);
      if (keys[at] != 0) {
        return false;
      }
      size++;
      keys[at] = key;
      owners[at] = owner;
      return true;
    }

    /** Changes the owner of a key in the table. */
    void setOwner(long key, int owner) {
      owners[find(key)] = owner;
    }

    void remove(long key) {
      int hole = find(key);
      if (keys[hole] == 0) {
        return;
      }
      size--;
      // Moves a key into the hole if the removed one had displaced it.
      for (int at = next(hole); keys[at] != 0; at = next(at)) {
        if (distance(home(keys[at]), at) >= distance(hole, at)) {
          keys[hole] = keys[at];
          owners[hole] = owners[at];
          hole = at;
        }
      }
      keys[hole] = 0;
      if (keys.length > INITIAL_CAPACITY && size < keys.length / 8) {
        resize(Math.max(INITIAL_CAPACITY, keys.length / 2));
      }
    }

    private int find(long key) {
      int at = home(key);
      while (keys[at] != 0 && keys[at] != key) {
        at = next(at);
      }
      return at;
    }

    /** Returns the preferred place of a key: its low 32 bits, scaled to the length of the table. */
    private int home(long key) {
      return (int) ((key & 0xFFFF_FFFFL) * keys.length >>> Integer.SIZE);
    }

    private int next(int at) {
      return at + 1 == keys.length ? 0 : at + 1;
    }

    private int distance(int from, int to) {
      return to >= from ? to - from : to - from + keys.length;
    }

    private void resize(int capacity) {
      long[] oldKeys = keys;
      int[] oldOwners = owners;
      keys = new long[capacity];
      owners = new int[capacity];
      for (int i = 0; i < oldKeys.length; i++) {
        if (oldKeys[i] != 0) {
          int at = find(oldKeys[i]);
          keys[at] = oldKeys[i];
          owners[at] = oldOwners[i];
        }
      }
    }
  }
}
