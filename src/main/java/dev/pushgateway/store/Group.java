package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.GroupingLabels;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * All families held under one grouping key, at one moment. Immutable.
 *
 * <p>Among the families are the two that the gateway adds, {@value #PUSH_TIME} and {@value
 * #PUSH_FAILURE_TIME}.
 */
public final class Group {
  public static final String PUSH_TIME = "push_time_seconds";
  public static final String PUSH_FAILURE_TIME = "push_failure_time_seconds";

  private static final Comparator<Family> BY_NAME =
      Comparator.comparing(Family::name, Names.BY_CODE_POINT);

  /** A family, and when it came. Immutable but for place and replay number, the store's. */
  public static final class Family {
    /** The place of a family that the index does not have. */
    static final int NOWHERE = -1;

    private final FamilyBlock block;
    private final long timeNanos;

    /** Where the index has the family; guarded by the store's lock. */
    int place = NOWHERE;

    /**
     * Grows with the records of a replayed log; 0 for a family that came later. Guarded by the
     * store's lock.
     */
    int replayNumber;

    Family(FamilyBlock block, long timeNanos) {
      this.block = block;
      this.timeNanos = timeNanos;
    }

    public String name() {
      return block.name();
    }

    public FamilyBlock block() {
      return block;
    }

    /** When the push came that brought this family, in nanoseconds since 1970. */
    public long timeNanos() {
      return timeNanos;
    }
  }

  private final GroupingKey key;
  private final long pushTimeNanos;
  private final long failureTimeNanos;
  private final Family[] families;

  /**
   * A group.
   *
   * @param pushTimeNanos in nanoseconds since 1970; 0 if no push was ever taken
   * @param failureTimeNanos in nanoseconds since 1970; 0 if no push was ever refused
   * @param families with distinct names, in any order
   */
  public Group(GroupingKey key, long pushTimeNanos, long failureTimeNanos, List<Family> families) {
    this(key, pushTimeNanos, failureTimeNanos, sorted(families.toArray(new Family[0])));
  }

  /** The group that a change describes: a file keeps no push time that can be worked out. */
  static Group of(Change.Stored stored) {
    GroupingLabels labels = stored.key().groupingLabels();
    List<Family> all = new ArrayList<>(stored.families().size() + 2);
    for (Change.StoredFamily family : stored.families()) {
      all.add(new Family(family.block(), family.timeNanos()));
    }
    all.add(GroupTransitions.pushTime(labels, stored.pushTimeNanos(), stored.pushTimeStampNanos()));
    all.add(
        GroupTransitions.pushFailureTime(
            labels, stored.failureTimeNanos(), stored.failureTimeStampNanos()));
    return new Group(stored.key(), stored.pushTimeNanos(), stored.failureTimeNanos(), all);
  }

  /** The change that brings this group back. */
  public Change.Stored stored() {
    List<Change.StoredFamily> others = new ArrayList<>(families.length);
    for (Family family : families) {
      if (!GroupTransitions.isPushTime(family.name())) {
        others.add(new Change.StoredFamily(family.block(), family.timeNanos()));
      }
    }
    return new Change.Stored(
        key,
        pushTimeNanos,
        failureTimeNanos,
        timeStamp(PUSH_TIME),
        timeStamp(PUSH_FAILURE_TIME),
        others);
  }

  private long timeStamp(String name) {
    Family family = family(name);
    return family == null ? 0 : family.timeNanos();
  }

  private Group(GroupingKey key, long pushTimeNanos, long failureTimeNanos, Family[] sorted) {
    this.key = key;
    this.pushTimeNanos = pushTimeNanos;
    this.failureTimeNanos = failureTimeNanos;
    this.families = sorted;
  }

  private static Family[] sorted(Family[] families) {
    Arrays.sort(families, BY_NAME);
    return families;
  }

  public GroupingKey key() {
    return key;
  }

  /**
   * This group after a push that leaves other families as they are.
   *
   * @param changed families that are new or come in place of those of the same name
   */
  Group with(long newPushTimeNanos, long newFailureTimeNanos, List<Family> changed) {
    Family[] after = families.clone();
    List<Family> added = new ArrayList<>();
    for (Family family : changed) {
      int at = find(family.name());
      if (at >= 0) {
        after[at] = family;
      } else {
        added.add(family);
      }
    }
    if (!added.isEmpty()) {
      int old = after.length;
      after = Arrays.copyOf(after, old + added.size());
      System.arraycopy(added.toArray(), 0, after, old, added.size());
      sorted(after);
    }
    return new Group(key, newPushTimeNanos, newFailureTimeNanos, after);
  }

  /** When the group was last changed by a push, in nanoseconds since 1970; 0 if never. */
  public long pushTimeNanos() {
    return pushTimeNanos;
  }

  /** When a push to the group was last refused, in nanoseconds since 1970; 0 if never. */
  public long failureTimeNanos() {
    return failureTimeNanos;
  }

  /** Whether no push has failed since the last that did not. */
  public boolean lastPushSuccessful() {
    return failureTimeNanos <= pushTimeNanos;
  }

  /** How many families there are. */
  int size() {
    return families.length;
  }

  /** All families, sorted by name, the two push times among them. */
  public List<Family> families() {
    return Collections.unmodifiableList(Arrays.asList(families));
  }

  /** The family of a name, or {@code null} if the group has none. */
  public Family family(String name) {
    int at = find(name);
    return at < 0 ? null : families[at];
  }

  /** The metrics of the family of a name, or {@code null} if the group has none. */
  FamilyBlock block(String name) {
    Family family = family(name);
    return family == null ? null : family.block();
  }

  private int find(String name) {
    int low = 0;
    int high = families.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Names.BY_CODE_POINT.compare(families[middle].name(), name);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -1;
  }
}
