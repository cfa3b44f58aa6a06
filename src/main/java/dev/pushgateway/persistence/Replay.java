package dev.pushgateway.persistence;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.store.MetricStore;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Applies the changes of a file to a store. Finds the groups whose restored state may never have
 * been pushed.
 *
 * <pre>
 *   PUT {a}   (a lost record)   POST {b}     the group is {a, b}, but it may have been {c, b}
 *   PUT {a}   (a lost record)                the group is {a}, as it was pushed
 *   PUT {a}   (a lost record)   PUT {b}      the group is {b}
 * </pre>
 */
final class Replay implements LogReader.Sink {
  private final MetricStore store;
  private boolean hasLost;

  /** The groups whose whole state is in records after the last loss. */
  private final Set<GroupingKey> whole = new HashSet<>();

  /** True if no record was lost, or none since the last wipe. */
  private boolean areAllWhole = true;

  private final Set<GroupingKey> mixed = new TreeSet<>();

  Replay(MetricStore store) {
    this.store = store;
  }

  /** Returns the groups whose state may be mixed. Empty if no record was lost. */
  Set<GroupingKey> mixed() {
    return mixed;
  }

  @Override
  public void lost() {
    hasLost = true;
    areAllWhole = false;
    whole.clear();
  }

  @Override
  public void accept(Change change) {
    if (hasLost) {
      note(change);
    }
    store.apply(change);
  }

  private void note(Change change) {
    if (change instanceof Change.Wiped) {
      areAllWhole = true;
      mixed.clear();
    } else if (change instanceof Change.Pushed push && !push.replace()) {
      noteAddition(push.key());
    } else if (change instanceof Change.PushFailed failure) {
      if (store.group(failure.key()).isEmpty()) {
        noteAddition(failure.key());
      }
    } else if (change instanceof Change.OfGroup ofGroup) {
      whole.add(ofGroup.key());
      mixed.remove(ofGroup.key());
    }
  }

  /** Notes a change that keeps earlier content of a group, which may be wrong. */
  private void noteAddition(GroupingKey key) {
    if (!areAllWhole && !whole.contains(key)) {
      mixed.add(key);
    }
  }
}
