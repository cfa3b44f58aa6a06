package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.store.Group.Family;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The exposed families by name, and the exposed series by hash. All families in the index can be
 * scraped together, as {@link ConsistencyCheck} ensures. Guarded by the store's lock.
 */
final class FamilyIndex {
  private final Map<String, MetricType> reserved;
  private final Map<String, IndexedFamily> families = new HashMap<>();
  private final IntFunction<Group> groups;
  private final long hashMask;
  private SeriesIndex series;

  /** The families sorted by name; {@code null} after a name was added or removed. */
  private List<IndexedFamily> sorted;

  FamilyIndex(Map<String, MetricType> reserved, IntFunction<Group> groups, long hashMask) {
    this.reserved = reserved;
    this.groups = groups;
    this.hashMask = hashMask;
    this.series = new SeriesIndex(0, hashMask);
  }

  /** Returns the type of the gateway's own family with this name; {@code null} if there is none. */
  MetricType reservedType(String name) {
    return reserved.get(name);
  }

  /** Returns the exposed family with this name; {@code null} if there is none. */
  IndexedFamily family(String name) {
    return families.get(name);
  }

  /**
   * Returns another group than {@code group} that exposes a series of a block.
   *
   * @return {@link SeriesIndex#NO_GROUP} if there is none
   */
  int owner(FamilyBlock block, int metric, int group) {
    long hash = block.seriesHash(metric);
    int first = series.owner(hash);
    if (first == SeriesIndex.NO_GROUP) {
      return first; // Usual case.
    }
    if (first != group && exposes(groups.apply(first), block, metric)) {
      return first;
    }
    for (int owner : series.otherOwners(hash)) {
      if (owner != group && exposes(groups.apply(owner), block, metric)) {
        return owner;
      }
    }
    return SeriesIndex.NO_GROUP;
  }

  /**
   * Returns whether a group exposes a series. Called only if hashes are equal; the names decide.
   */
  private static boolean exposes(Group group, FamilyBlock block, int metric) {
    Family family = group.family(block.name());
    if (family == null || family.place == Family.NOWHERE) {
      return false;
    }
    for (int i = 0; i < family.block().size(); i++) {
      if (family.block().isSameSeries(i, block, metric)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Exposes a family that has passed the check.
   *
   * @param older the family of the same group to replace; {@code null} if there is none
   */
  void add(int group, Family family, Family older) {
    FamilyBlock block = family.block();
    boolean replaces = older != null && older.place != Family.NOWHERE;
    if (block.size() == 0) {
      if (replaces) {
        remove(group, older);
      }
      return;
    }
    if (!replaces) {
      family.place = familyOf(block.name()).add(block, group);
      addSeries(block, group);
      return;
    }
    family.place = older.place;
    older.place = Family.NOWHERE;
    families.get(block.name()).replace(family.place, block);
    if (!older.block().hasSameSeries(block)) {
      removeSeries(older.block(), group);
      addSeries(block, group);
    }
  }

  private IndexedFamily familyOf(String name) {
    IndexedFamily family = families.get(name);
    if (family == null) {
      family = new IndexedFamily(name);
      families.put(name, family);
      sorted = null;
    }
    return family;
  }

  /** Removes an exposed family of a group. */
  void remove(int group, Family family) {
    IndexedFamily indexed = families.get(family.name());
    indexed.remove(family.place);
    family.place = Family.NOWHERE;
    removeSeries(family.block(), group);
    if (indexed.count() == 0) {
      families.remove(indexed.name());
      sorted = null;
    }
  }

  private void addSeries(FamilyBlock block, int group) {
    for (int i = 0; i < block.size(); i++) {
      series.add(block.seriesHash(i), group);
    }
  }

  private void removeSeries(FamilyBlock block, int group) {
    for (int i = 0; i < block.size(); i++) {
      series.remove(block.seriesHash(i), group);
    }
  }

  /** Makes room for a number of series. Call this before any series is added. */
  void expect(long count) {
    series = new SeriesIndex(count, hashMask);
  }

  void clear() {
    families.clear();
    series = new SeriesIndex(0, hashMask);
    sorted = null;
  }

  /** Returns all families, sorted by name. */
  List<MergedFamily> families() {
    if (sorted == null) {
      sorted = new ArrayList<>(families.values());
      sorted.sort(Comparator.comparing(IndexedFamily::name, Names.BY_CODE_POINT));
    }
    List<MergedFamily> merged = new ArrayList<>(sorted.size());
    for (IndexedFamily family : sorted) {
      merged.add(family.merged(groups));
    }
    return merged;
  }
}
