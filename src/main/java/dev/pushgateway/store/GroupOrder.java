package dev.pushgateway.store;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;

/**
 * In which order the groups are by key, kept from one snapshot to the next.
 *
 * <p>Groups are pushed far more often than they come or go. As long as none has, the order found
 * last still holds; and what is nearly sorted is sorted in nearly one pass.
 *
 * <p>Thread-safe: of two orders found at once, the one that is kept is right for its version.
 */
final class GroupOrder {
  /** Group numbers by key, as they were at a version of the set of keys. */
  private record Order(long keysVersion, Integer[] numbers) {}

  private volatile Order latest = new Order(-1, new Integer[0]);

  /**
   * Groups sorted by key.
   *
   * @param groups by number; {@code null} where a number is free
   * @param keysVersion differs from that of another call if the keys may do so
   * @return without gaps
   */
  Group[] sort(Group[] groups, long keysVersion) {
    Order order = latest;
    if (order.keysVersion != keysVersion) {
      Integer[] numbers = nearlySorted(groups, order.numbers);
      Arrays.sort(numbers, Comparator.comparing(number -> groups[number].key()));
      order = new Order(keysVersion, numbers);
      latest = order;
    }
    Group[] sorted = new Group[order.numbers.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = groups[order.numbers[i]];
    }
    return sorted;
  }

  /** The numbers in use: first those known before, in their order, then the others. */
  private static Integer[] nearlySorted(Group[] groups, Integer[] before) {
    Integer[] numbers = new Integer[groups.length];
    BitSet known = new BitSet(groups.length);
    int count = 0;
    for (Integer number : before) {
      if (number < groups.length && groups[number] != null) {
        numbers[count++] = number;
        known.set(number);
      }
    }
    for (int number = 0; number < groups.length; number++) {
      if (groups[number] != null && !known.get(number)) {
        numbers[count++] = number;
      }
    }
    return Arrays.copyOf(numbers, count);
  }
}
