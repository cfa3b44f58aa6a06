package dev.pushgateway.store;

import dev.pushgateway.change.GroupingKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The groups by key and by number. A number is a small integer that identifies a stored group.
 * After the group is removed, another group gets its number. Other classes keep their data about
 * groups by number. Guarded by the store's lock.
 */
final class GroupTable {
  /** The groups by number; {@code null} for a free number. */
  private Group[] groups = new Group[16];

  private final Map<GroupingKey, Integer> numbers = new HashMap<>();
  private final ArrayList<Integer> freeNumbers = new ArrayList<>();

  /** The count of numbers ever used; also the lowest number never used. */
  private int used;

  private long version;
  private long keysVersion;

  /** Returns a number that grows with every change, and only then. */
  long version() {
    return version;
  }

  /** Returns a number that grows whenever a group is added or removed. */
  long keysVersion() {
    return keysVersion;
  }

  /** Returns a group; {@code null} if there is none with this key. */
  Group get(GroupingKey key) {
    Integer number = numbers.get(key);
    return number == null ? null : groups[number];
  }

  /** Returns a group; {@code null} for a free or unused number. */
  Group get(int number) {
    return number < used ? groups[number] : null;
  }

  boolean contains(GroupingKey key) {
    return numbers.containsKey(key);
  }

  /** Returns the number of a group. For an unknown group, returns the number that it would get. */
  int numberOf(GroupingKey key) {
    Integer number = numbers.get(key);
    return number == null ? nextNumber() : number;
  }

  private int nextNumber() {
    return freeNumbers.isEmpty() ? used : freeNumbers.get(freeNumbers.size() - 1);
  }

  /**
   * Adds a group, in place of the one with the same key.
   *
   * @return its number
   */
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

  /** Removes a group, which must be in the table. */
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

  /** Returns a copy of the groups by number; {@code null} for a free number. */
  Group[] byNumber() {
    return Arrays.copyOf(groups, used);
  }
}
