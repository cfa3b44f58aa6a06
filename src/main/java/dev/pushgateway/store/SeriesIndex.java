package dev.pushgateway.store;

import java.util.Arrays;

/**
 * Which group exposes a series: a map from the hash of a series to the number of a group.
 *
 * <pre>
 *   hash  ........ ssssssss …          the lowest 8 bits choose one of 256 segments,
 *   keys   [0][h1][h2][0][h3]…          in a segment, the others choose a place (linear probing)
 *   owners [ ][ 7][ 7][ ][ 2]…
 * </pre>
 *
 * <p>Segments grow one at a time, so no push pays for more than 1/256 of the store. Twelve bytes a
 * place, of which four in five are in use at most. Guarded by the store's lock.
 */
final class SeriesIndex {
  /** Answered by {@link #owner} for a series that nobody exposes. */
  static final int NOBODY = -1;

  private static final int SEGMENTS = 256;
  private static final int SEGMENT_BITS = 8;
  private static final int INITIAL_CAPACITY = 16;

  /** Of a segment; what is expected beyond that must come before there is room for it. */
  private static final int MAX_EXPECTED = 1 << 20;

  private final Segment[] segments = new Segment[SEGMENTS];

  SeriesIndex() {
    this(0);
  }

  /** An index that need not grow, but for some segments, until it has so many series. */
  SeriesIndex(long expected) {
    int perSegment = (int) Math.min(MAX_EXPECTED, expected / SEGMENTS);
    int capacity = Math.max(INITIAL_CAPACITY, perSegment + perSegment / 4 + perSegment / 32);
    Arrays.setAll(segments, i -> new Segment(capacity));
  }

  /** The group that exposes a series. */
  int owner(long hash) {
    return segments[(int) hash & SEGMENTS - 1].owner(hash >>> SEGMENT_BITS | 1L << 63);
  }

  /** Notes that a group exposes a series that nobody has exposed. */
  void add(long hash, int owner) {
    segments[(int) hash & SEGMENTS - 1].add(hash >>> SEGMENT_BITS | 1L << 63, owner);
  }

  /** Forgets a series. */
  void remove(long hash) {
    segments[(int) hash & SEGMENTS - 1].remove(hash >>> SEGMENT_BITS | 1L << 63);
  }

  /**
   * A hash table of keys that are never 0: bit 63 is set where the segment's bits were. It grows by
   * an eighth; with twice the size each time, a third of the memory was empty places.
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
      return keys[at] == 0 ? NOBODY : owners[at];
    }

    void add(long key, int owner) {
      if (size + 1 > keys.length - keys.length / 5) {
        resize(keys.length + keys.length / 8);
      }
      int at = find(key);
      size += keys[at] == 0 ? 1 : 0;
      keys[at] = key;
      owners[at] = owner;
    }

    void remove(long key) {
      int hole = find(key);
      if (keys[hole] == 0) {
        return;
      }
      size--;
      // What was pushed past its home by the one that goes may move up into the hole.
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

    /** By the low bits of a key, as a fraction of their range. */
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
