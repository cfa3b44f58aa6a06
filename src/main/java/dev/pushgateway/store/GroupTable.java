package dev.pushgateway.store;

import dev.pushgateway.change.GroupingKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The groups by key and by number. A number is a small integer that a group has as long as it is
 * stored, and that another group gets afterwards: what is kept about each group elsewhere is kept
 * by it. Guarded by the store's lock.
 */
final class GroupTable {
  /** Groups by number; {@code null} where a number is free. */
  private Group[] groups = new Group[16];

  private final Map<GroupingKey, Integer> numbers = new HashMap<>();
  private final ArrayList<Integer> freeNumbers = new ArrayList<>();

  /** How many numbers were ever used. */
  private int used;

  private long version;
  private long keysVersion;

  /** Grows with every change, and only then. */
  long version() {
    return version;
  }

  /** Grows whenever a group comes or goes. */
  long keysVersion() {
    return keysVersion;
  }

  /** {@code null} if there is none. */
  Group get(GroupingKey key) {
    Integer number = numbers.get(key);
    return number == null ? null : groups[number];
  }

  /** {@code null} if the number is free, or none yet. */
  Group get(int number) {
    return number < used ? groups[number] : null;
  }

  boolean contains(GroupingKey key) {
    return numbers.containsKey(key);
  }

  /** The number of a group; of one that is not here the number that it would get. */
  int numberOf(GroupingKey key) {
    Integer number = numbers.get(key);
    return number == null ? nextNumber() : number;
  }

  private int nextNumber() {
    return freeNumbers.isEmpty() ? used : freeNumbers.get(freeNumbers.size() - 1);
  }

  /** Puts a group in place of the one with its key, if there is one; returns its number. */
  int put(Group group) {
    Integer known = numbers.get(group.key());
    int number = known == null ? add(group.key()) : known;
    groups[number] = group;
    version++;
    return number;
  }

  private int add(GroupingKey key) {
    int number = nextNumber();
    if (number == used) {
      used++;
    } else {
      freeNumbers.remove(freeNumbers.size() - 1);
    }
    if (number == groups.length) {
      groups = Arrays.copyOf(groups, number * 2);
    }
    numbers.put(key, number);
    keysVersion++;
    return number;
  }

  /** Removes a group that is here. */
  void remove(GroupingKey key) {
    int number = numbers.remove(key);
    groups[number] = null;
    freeNumbers.add(number);
    keysVersion++;
    version++;
  }

  void clear() {
    numbers.clear();
    freeNumbers.clear();
    groups = new Group[16];
    used = 0;
    keysVersion++;
    version++;
  }

  /** A copy of the groups by number; {@code null} where a number is free. */
  Group[] byNumber() {
    return Arrays.copyOf(groups, used);
  }
}
