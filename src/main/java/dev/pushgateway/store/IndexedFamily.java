package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.scrape.MergedFamily;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * The index entry of one family name: the blocks of all groups that expose the family. A block
 * keeps its place while its group has the family.
 *
 * <p>Guarded by the store's lock.
 */
final class IndexedFamily {
  private final String name;
  private FamilyBlock[] blocks = new FamilyBlock[1];
  private int[] groups = new int[1];

  /** The number of places ever used. Free places below it form a chain in {@link #groups}. */
  private int used;

  private int firstFree = -1;
  private int count;

  /**
   * The block that was added last. All blocks have its type. Unless {@link #mixedHeaders}, all have
   * its help text and unit, too.
   */
  private FamilyBlock latest;

  /** True if help texts or units may differ, so that one must be chosen. */
  private boolean mixedHeaders;

  /**
   * The last result of {@link #merged(IntFunction)}. It is out of date if {@code current} is false.
   */
  private MergedFamily merged;

  private boolean current;

  IndexedFamily(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Returns the number of groups that expose the family. */
  int count() {
    return count;
  }

  /** Returns the type of the family, which all blocks share. */
  MetricType type() {
    return latest.type();
  }

  /**
   * Returns the number of any group that exposes the family, except {@code group}; -1 if there is
   * none.
   */
  int anyGroupBut(int group) {
    for (int i = 0; i < used; i++) {
      if (blocks[i] != null && groups[i] != group) {
        return groups[i];
      }
    }
    return -1;
  }

  /**
   * Adds the block of a group that has not exposed the family so far.
   *
   * @return its place
   */
  int add(FamilyBlock block, int group) {
    int place = firstFree;
    if (place >= 0) {
      firstFree = groups[place];
    } else {
      place = used++;
      if (place == blocks.length) {
        blocks = Arrays.copyOf(blocks, place + (place >> 1) + 1);
        groups = Arrays.copyOf(groups, blocks.length);
      }
    }
    noteHeader(block);
    blocks[place] = block;
    groups[place] = group;
    count++;
    current = false;
    return place;
  }

  void replace(int place, FamilyBlock block) {
    noteHeader(block);
    blocks[place] = block;
    current = false;
  }

  void remove(int place) {
    blocks[place] = null;
    groups[place] = firstFree;
    firstFree = place;
    count--;
    current = false;
  }

  private void noteHeader(FamilyBlock block) {
    mixedHeaders |= latest != null && !sameHeader(block, latest);
    latest = block;
  }

  private static boolean sameHeader(FamilyBlock a, FamilyBlock b) {
    return Objects.equals(a.help(), b.help()) && Objects.equals(a.unit(), b.unit());
  }

  /**
   * Returns the current blocks, merged for a scrape. This call is cheap: the order is computed
   * later, outside the lock.
   *
   * @param allGroups the groups by number. If help texts differ, that of the lowest grouping key is
   *     shown, in whichever order the pushes came.
   */
  MergedFamily merged(IntFunction<Group> allGroups) {
    if (!current) {
      FamilyBlock header = mixedHeaders ? chooseHeader(allGroups) : latest;
      merged = MergedFamily.successor(header, Arrays.copyOf(blocks, used), merged);
      current = true;
    }
    return merged;
  }

  private FamilyBlock chooseHeader(IntFunction<Group> allGroups) {
    int best = -1;
    boolean mixed = false;
    for (int i = 0; i < used; i++) {
      if (blocks[i] == null) {
        continue;
      }
      mixed |= best >= 0 && !sameHeader(blocks[i], blocks[best]);
      if (best < 0 || isBetterHeader(i, best, allGroups)) {
        best = i;
      }
    }
    mixedHeaders = mixed;
    return blocks[best];
  }

  private boolean isBetterHeader(int place, int best, IntFunction<Group> allGroups) {
    boolean hasHelp = blocks[place].help() != null;
    if (hasHelp != (blocks[best].help() != null)) {
      return hasHelp;
    }
    GroupingKey key = allGroups.apply(groups[place]).key();
    return key.compareTo(allGroups.apply(groups[best]).key()) < 0;
  }
}
