package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.model.Names;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.store.Group.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What is exposed, by family name and by series; whatever is in here can be scraped together.
 *
 * <p>The rules are those of the Go gateway's consistency check: one type per family, no series
 * twice, no family named like a part of a summary or a histogram. They are looked up for what comes
 * in, never worked out over the whole. A family without metrics, which protobuf can have, is not
 * exposed and in nobody's way. (The Go gateway takes it, and after that its scrapes may fail.)
 * Guarded by the store's lock.
 *
 * @see <a href="https://pkg.go.dev/github.com/prometheus/client_golang/prometheus#Gatherers">The
 *     check of the Go gateway</a>
 */
final class FamilyIndex {
  private static final String COUNT = "_count";
  private static final String SUM = "_sum";
  private static final String BUCKET = "_bucket";

  private final Map<String, MetricType> reserved = new HashMap<>();
  private final Map<String, FamilyEntry> entries = new HashMap<>();
  private final IntFunction<GroupingKey> keys;
  private SeriesIndex series = new SeriesIndex();

  /** The entries by name; {@code null} after a name has come or gone. */
  private List<FamilyEntry> sorted;

  /**
   * An empty index.
   *
   * @param reserved families that only the gateway itself may define
   * @param keys the grouping keys of groups by number
   */
  FamilyIndex(Collection<FamilyBlock> reserved, IntFunction<GroupingKey> keys) {
    this.keys = keys;
    for (FamilyBlock family : reserved) {
      this.reserved.put(family.name(), family.type());
    }
  }

  /**
   * A set of families that comes into the index at once, and of those that leave it for them.
   *
   * @param group the number of the group; one that is not in use for a new group
   * @param before the group as it is, or {@code null}
   * @param dropsOthers whether all families of the group leave that do not come again
   * @param families those that come
   */
  record Arrival(int group, Group before, boolean dropsOthers, Map<String, FamilyBlock> families) {}

  /** Why an arrival would break the exposition, in one sentence; {@code null} if it would not. */
  String conflict(Arrival arrival) {
    for (FamilyBlock block : arrival.families.values()) {
      String conflict = conflict(arrival, block);
      if (conflict != null) {
        return conflict;
      }
    }
    return null;
  }

  private String conflict(Arrival arrival, FamilyBlock block) {
    if (block.problem() != null) {
      return block.problem();
    }
    if (block.size() == 0) {
      return null;
    }
    String conflict = typeConflict(arrival, block);
    conflict = conflict != null ? conflict : suffixConflict(arrival, block);
    return conflict != null ? conflict : seriesConflict(arrival, block);
  }

  private String typeConflict(Arrival arrival, FamilyBlock block) {
    MetricType own = reserved.get(block.name());
    if (own != null && own != block.type()) {
      return String.format(
          "family %s is pushed as %s, but the gateway's own family of that name is a %s",
          quote(block.name()), lower(block.type()), lower(own));
    }
    FamilyEntry entry = entries.get(block.name());
    if (entry == null || entry.type() == block.type()) {
      return null;
    }
    if (entry.count() == (isIn(arrival, block.name()) ? 1 : 0)) {
      return null;
    }
    return String.format(
        "family %s is pushed as %s, but group %s has it as %s",
        quote(block.name()),
        lower(block.type()),
        keys.apply(entry.anyGroupBut(arrival.group)),
        lower(entry.type()));
  }

  /** Whether the group of an arrival is now exposing a family. */
  private static boolean isIn(Arrival arrival, String name) {
    Family family = arrival.before == null ? null : arrival.before.family(name);
    return family != null && family.place != Family.NOWHERE;
  }

  private String suffixConflict(Arrival arrival, FamilyBlock block) {
    String name = block.name();
    String base = withoutSuffix(name);
    if (base != null) {
      MetricType baseType = typeAfter(arrival, base);
      if (baseType == MetricType.SUMMARY && !name.endsWith(BUCKET)
          || baseType != null && baseType.isHistogram()) {
        return collision(arrival, name, base, baseType);
      }
    }
    if (block.type().isNumber()) {
      return null;
    }
    String part = partThatExists(arrival, block);
    return part == null ? null : collision(arrival, part, name, block.type());
  }

  private String partThatExists(Arrival arrival, FamilyBlock block) {
    if (typeAfter(arrival, block.name() + COUNT) != null) {
      return block.name() + COUNT;
    }
    if (typeAfter(arrival, block.name() + SUM) != null) {
      return block.name() + SUM;
    }
    boolean bucket =
        block.type().isHistogram() && typeAfter(arrival, block.name() + BUCKET) != null;
    return bucket ? block.name() + BUCKET : null;
  }

  private String collision(Arrival arrival, String part, String whole, MetricType wholeType) {
    return String.format(
        "family %s of %s collides with a series of %s %s of %s",
        quote(part), holder(arrival, part), lower(wholeType), quote(whole), holder(arrival, whole));
  }

  private String holder(Arrival arrival, String name) {
    FamilyBlock pushed = arrival.families.get(name);
    if (pushed != null && pushed.size() > 0) {
      return "this push";
    }
    FamilyEntry entry = entries.get(name);
    if (entry == null) {
      return "the gateway itself";
    }
    int group = entry.anyGroupBut(arrival.dropsOthers ? arrival.group : SeriesIndex.NOBODY);
    return "group " + keys.apply(group);
  }

  /** The type a family will have after an arrival; {@code null} if there will be none. */
  private MetricType typeAfter(Arrival arrival, String name) {
    FamilyBlock pushed = arrival.families.get(name);
    if (pushed != null && pushed.size() > 0) {
      return pushed.type();
    }
    FamilyEntry entry = entries.get(name);
    boolean isReplaced = arrival.dropsOthers || pushed != null;
    int leaving = isReplaced && isIn(arrival, name) ? 1 : 0;
    return entry != null && entry.count() > leaving ? entry.type() : reserved.get(name);
  }

  private static String withoutSuffix(String name) {
    for (String suffix : new String[] {COUNT, SUM, BUCKET}) {
      if (name.endsWith(suffix) && name.length() > suffix.length()) {
        return name.substring(0, name.length() - suffix.length());
      }
    }
    return null;
  }

  private String seriesConflict(Arrival arrival, FamilyBlock block) {
    if (isIn(arrival, block.name())
        && arrival.before.family(block.name()).block().hasSameSeries(block)) {
      return null; // Usual case: the same series as in the push before, which are known to be fine.
    }
    for (int i = 0; i < block.size(); i++) {
      int owner = series.owner(block.seriesHash(i));
      if (owner != SeriesIndex.NOBODY && owner != arrival.group) {
        return String.format(
            "series %s is exposed already by group %s", block.seriesName(i), keys.apply(owner));
      }
    }
    return null;
  }

  /** Exposes a family that does not conflict with anything, in place of an older one or not. */
  void add(int group, Family family, Family older) {
    FamilyBlock block = family.block();
    if (block.size() == 0) {
      if (older != null) {
        remove(older);
      }
      return;
    }
    boolean isNew = older == null || older.place == Family.NOWHERE;
    if (isNew) {
      family.place = entry(block.name()).add(block, group);
      addSeries(block, group);
      return;
    }
    family.place = older.place;
    older.place = Family.NOWHERE;
    entries.get(block.name()).replace(family.place, block);
    if (!older.block().hasSameSeries(block)) {
      removeSeries(older.block());
      addSeries(block, group);
    }
  }

  private FamilyEntry entry(String name) {
    FamilyEntry entry = entries.get(name);
    if (entry == null) {
      entry = new FamilyEntry(name);
      entries.put(name, entry);
      sorted = null;
    }
    return entry;
  }

  /** Takes a family out, if it is in. */
  void remove(Family family) {
    if (family.place == Family.NOWHERE) {
      return;
    }
    FamilyEntry entry = entries.get(family.name());
    entry.remove(family.place);
    family.place = Family.NOWHERE;
    removeSeries(family.block());
    if (entry.count() == 0) {
      entries.remove(entry.name());
      sorted = null;
    }
  }

  private void addSeries(FamilyBlock block, int group) {
    for (int i = 0; i < block.size(); i++) {
      series.add(block.seriesHash(i), group);
    }
  }

  private void removeSeries(FamilyBlock block) {
    for (int i = 0; i < block.size(); i++) {
      series.remove(block.seriesHash(i));
    }
  }

  /** Makes room for so many series; nothing may have been added yet. */
  void expect(long count) {
    series = new SeriesIndex(count);
  }

  void clear() {
    entries.clear();
    series = new SeriesIndex();
    sorted = null;
  }

  /** All families, sorted by name. */
  List<MergedFamily> families() {
    if (sorted == null) {
      sorted = new ArrayList<>(entries.values());
      sorted.sort(Comparator.comparing(FamilyEntry::name, Names.BY_CODE_POINT));
    }
    List<MergedFamily> families = new ArrayList<>(sorted.size());
    for (FamilyEntry entry : sorted) {
      families.add(entry.merged(keys));
    }
    return families;
  }

  private static String quote(String name) {
    return '"' + name + '"';
  }

  private static String lower(MetricType type) {
    return type.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
