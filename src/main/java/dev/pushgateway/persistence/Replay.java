package dev.pushgateway.persistence;

import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.store.MetricStore;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Applies the changes of a file to a store, and finds the groups whose state may never have been
 * pushed.
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

  /** Groups of which a record after the last loss holds everything. */
  private final Set<GroupingKey> whole = new HashSet<>();

  /** Whether all groups are whole but those that a loss has come for since. */
  private boolean areAllWhole = true;

  private final Set<GroupingKey> mixed = new TreeSet<>();

  Replay(MetricStore store) {
    this.store = store;
  }

  /** Groups that may mix states. Empty if no record was lost. */
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

  /** Notes a change after which a group has what it had before, which may be wrong. */
  private void noteAddition(GroupingKey key) {
    if (!areAllWhole && !whole.contains(key)) {
      mixed.add(key);
    }
  }
}
