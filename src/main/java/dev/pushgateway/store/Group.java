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
 * All families of one grouping key at one moment. Immutable.
 *
 * <p>The families include the two that the gateway adds, {@value #PUSH_TIME} and {@value
 * #PUSH_FAILURE_TIME}.
 */
public final class Group {
  public static final String PUSH_TIME = "push_time_seconds";
  public static final String PUSH_FAILURE_TIME = "push_failure_time_seconds";

  private static final Comparator<Family> BY_NAME =
      Comparator.comparing(Family::name, Names.BY_CODE_POINT);

  /**
   * A family with the time of its push. Immutable, except for place and replay number, which belong
   * to the store.
   */
  public static final class Family {
    /** The place of a family that is not in the index. */
    static final int NOWHERE = -1;

    private final FamilyBlock block;
    private final long timeNanos;

    /** The place of the family in the index. Guarded by the store's lock. */
    int place = NOWHERE;

    /**
     * The number of the replayed record with this family; 0 if it was not replayed. Guarded by the
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

    /** Returns the time of the push with this family, in nanoseconds since 1970. */
    public long timeNanos() {
      return timeNanos;
    }
  }

  private final GroupingKey key;
  private final long pushTimeNanos;
  private final long failureTimeNanos;
  private final Family[] families;

  /**
   * Creates a group.
   *
   * @param pushTimeNanos in nanoseconds since 1970; 0 if no push was ever accepted
   * @param failureTimeNanos in nanoseconds since 1970; 0 if no push was ever refused
   * @param families with distinct names, in any order
   */
  public Group(GroupingKey key, long pushTimeNanos, long failureTimeNanos, List<Family> families) {
    this(key, pushTimeNanos, failureTimeNanos, sorted(families.toArray(new Family[0])));
  }

  /**
   * Returns the group that a change describes. Adds the push time families, which a file does not
   * keep.
   */
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

  /** Returns the change that restores this group. */
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
   * Returns this group after a push. Families that the push does not name stay.
   *
   * @param changed new families, and families that replace those of the same name
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

  /** Returns the time of the last accepted push, in nanoseconds since 1970; 0 if never. */
  public long pushTimeNanos() {
    return pushTimeNanos;
  }

  /** Returns the time of the last refused push, in nanoseconds since 1970; 0 if never. */
  public long failureTimeNanos() {
    return failureTimeNanos;
  }

  /** Returns whether the last push was accepted. */
  public boolean lastPushSuccessful() {
    return failureTimeNanos <= pushTimeNanos;
  }

  int size() {
    return families.length;
  }

  /** Returns all families, sorted by name, including the two push times. */
  public List<Family> families() {
    return Collections.unmodifiableList(Arrays.asList(families));
  }

  /** Returns the family with this name; {@code null} if the group has none. */
  public Family family(String name) {
    int at = find(name);
    return at < 0 ? null : families[at];
  }

  /** Returns the metrics of the family with this name; {@code null} if the group has none. */
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
