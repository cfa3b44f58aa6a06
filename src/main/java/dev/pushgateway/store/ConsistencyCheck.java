package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.store.Group.Family;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The consistency check: refuses families that would make the exposition invalid.
 *
 * <p>The rules are those of the Go gateway. A family has one type, no series exists twice, and no
 * family has the name of a part of a summary or histogram. The check looks up the pushed names and
 * series in the {@link FamilyIndex}. Its cost does not depend on the size of the store.
 *
 * <p>A family without metrics, which protobuf permits, is not exposed and never refused. (The Go
 * gateway accepts it, and its scrapes may fail then.) Guarded by the store's lock.
 *
 * @see <a href="https://pkg.go.dev/github.com/prometheus/client_golang/prometheus#Gatherers">The
 *     check of the Go gateway</a>
 */
final class ConsistencyCheck {
  private static final String COUNT = "_count";
  private static final String SUM = "_sum";
  private static final String BUCKET = "_bucket";

  /**
   * The suffixes of the parts. A summary or a histogram also occupies its name with these suffixes.
   */
  static final List<String> SUFFIXES = List.of(COUNT, SUM, BUCKET);

  private final FamilyIndex index;
  private final IntFunction<Group> groups;

  ConsistencyCheck(FamilyIndex index, IntFunction<Group> groups) {
    this.index = index;
    this.groups = groups;
  }

  /**
   * Families that enter the index together, in place of others that leave it.
   *
   * @param group the number of the group; a free number for a new group
   * @param before the group before the change; {@code null} for a new group
   * @param dropsOthers whether all other families of the group leave
   * @param families the families that enter, by name
   */
  record IncomingFamilies(
      int group, Group before, boolean dropsOthers, Map<String, FamilyBlock> families) {}

  /** Returns why the families are refused, in one sentence; {@code null} if they are accepted. */
  String refusal(IncomingFamilies incoming) {
    for (FamilyBlock block : incoming.families.values()) {
      String refusal = refusal(incoming, block);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private String refusal(IncomingFamilies incoming, FamilyBlock block) {
    if (block.problem() != null) {
      return block.problem();
    }
    if (block.size() == 0) {
      return null;
    }
    String refusal = typeRefusal(incoming, block);
    refusal = refusal != null ? refusal : suffixRefusal(incoming, block);
    return refusal != null ? refusal : seriesRefusal(incoming, block);
  }

  private String typeRefusal(IncomingFamilies incoming, FamilyBlock block) {
    MetricType own = index.reservedType(block.name());
    if (own != null && own != block.type()) {
      return String.format(
          "family %s is pushed as %s, but the gateway's own family of that name is a %s",
          quote(block.name()), block.type().words(), own.words());
    }
    IndexedFamily exposed = index.family(block.name());
    if (exposed == null || exposed.type() == block.type()) {
      return null;
    }
    if (exposed.count() == (isExposed(incoming, block.name()) ? 1 : 0)) {
      return null;
    }
    return String.format(
        "family %s is pushed as %s, but group %s has it as %s",
        quote(block.name()),
        block.type().words(),
        key(exposed.anyGroupBut(incoming.group)),
        exposed.type().words());
  }

  /** Returns whether the group of incoming families exposes a family now. */
  private static boolean isExposed(IncomingFamilies incoming, String name) {
    Family family = incoming.before == null ? null : incoming.before.family(name);
    return family != null && family.place != Family.NOWHERE;
  }

  private String suffixRefusal(IncomingFamilies incoming, FamilyBlock block) {
    String name = block.name();
    String base = withoutSuffix(name);
    if (base != null) {
      MetricType baseType = typeAfter(incoming, base);
      if (baseType == MetricType.SUMMARY && !name.endsWith(BUCKET)
          || baseType != null && baseType.isHistogram()) {
        return collision(incoming, name, base, baseType);
      }
    }
    if (block.type().isNumber()) {
      return null;
    }
    String part = partThatExists(incoming, block);
    return part == null ? null : collision(incoming, part, name, block.type());
  }

  private String partThatExists(IncomingFamilies incoming, FamilyBlock block) {
    for (String suffix : SUFFIXES) {
      boolean isPart = !suffix.equals(BUCKET) || block.type().isHistogram();
      if (isPart && typeAfter(incoming, block.name() + suffix) != null) {
        return block.name() + suffix;
      }
    }
    return null;
  }

  private String collision(
      IncomingFamilies incoming, String part, String whole, MetricType wholeType) {
    return String.format(
        "family %s of %s collides with a series of %s %s of %s",
        quote(part),
        holder(incoming, part),
        wholeType.words(),
        quote(whole),
        holder(incoming, whole));
  }

  private String holder(IncomingFamilies incoming, String name) {
    FamilyBlock pushed = incoming.families.get(name);
    if (pushed != null && pushed.size() > 0) {
      return "this push";
    }
    IndexedFamily exposed = index.family(name);
    if (exposed == null) {
      return "the gateway itself";
    }
    int group = exposed.anyGroupBut(incoming.dropsOthers ? incoming.group : SeriesIndex.NO_GROUP);
    return "group " + key(group);
  }

  /**
   * Returns the type that a family has after the change; {@code null} if there is no such family.
   */
  private MetricType typeAfter(IncomingFamilies incoming, String name) {
    FamilyBlock pushed = incoming.families.get(name);
    if (pushed != null && pushed.size() > 0) {
      return pushed.type();
    }
    IndexedFamily exposed = index.family(name);
    boolean isReplaced = incoming.dropsOthers || pushed != null;
    int leaving = isReplaced && isExposed(incoming, name) ? 1 : 0;
    return exposed != null && exposed.count() > leaving ? exposed.type() : index.reservedType(name);
  }

  /** Returns the name without the suffix of a part; {@code null} if there is no such suffix. */
  static String withoutSuffix(String name) {
    for (String suffix : SUFFIXES) {
      if (name.endsWith(suffix) && name.length() > suffix.length()) {
        return name.substring(0, name.length() - suffix.length());
      }
    }
    return null;
  }

  private String seriesRefusal(IncomingFamilies incoming, FamilyBlock block) {
    if (isExposed(incoming, block.name())
        && incoming.before.family(block.name()).block().hasSameSeries(block)) {
      return null; // Usual case: the series of the previous push, which has passed the check.
    }
    for (int i = 0; i < block.size(); i++) {
      int owner = index.owner(block, i, incoming.group);
      if (owner != SeriesIndex.NO_GROUP) {
        return String.format(
            "series %s is exposed already by group %s", block.seriesName(i), key(owner));
      }
    }
    return null;
  }

  private GroupingKey key(int group) {
    return groups.apply(group).key();
  }

  private static String quote(String name) {
    return '"' + name + '"';
  }
}
