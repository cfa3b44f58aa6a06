package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.scrape.MergedFamily;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * What the index knows of one family name: the blocks of all groups that expose it, by the number
 * of a place that a block keeps as long as its group has the family.
 *
 * <p>Guarded by the store's lock.
 */
final class IndexedFamily {
  private final String name;
  private FamilyBlock[] blocks = new FamilyBlock[1];
  private int[] groups = new int[1];

  /**
   * How many places were ever used; those below it that are empty are chained in {@link #groups}.
   */
  private int used;

  private int firstFree = -1;
  private int count;

  /** The block that came last: all agree with it on the type, and on the rest unless mixed. */
  private FamilyBlock latest;

  /** Whether blocks may have different help texts or units, so that one has to be chosen. */
  private boolean mixedHeaders;

  /** What was last handed out; {@code current} is false once something has changed since. */
  private MergedFamily merged;

  private boolean current;

  IndexedFamily(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** How many groups expose the family. */
  int count() {
    return count;
  }

  /** The type of the family; all blocks here agree on it. */
  MetricType type() {
    return latest.type();
  }

  /** The number of any group that exposes the family, but for one. */
  int anyGroupBut(int group) {
    for (int i = 0; i < used; i++) {
      if (blocks[i] != null && groups[i] != group) {
        return groups[i];
      }
    }
    return -1;
  }

  /** Adds the block of a group that has not exposed the family so far, and returns its place. */
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
   * The blocks as they are now, merged for a scrape. Cheap here; the merging is done outside the
   * lock when the result is used.
   *
   * @param allGroups by number: of different help texts that of the lowest grouping key is shown,
   *     whatever the order of the pushes was
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
