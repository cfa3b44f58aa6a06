package dev.pushgateway.store;

import dev.pushgateway.exposition.FamilyBlock;
import dev.pushgateway.exposition.MergedFamily;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * All groups, and the check that they can be exposed together.
 *
 * <p>Thread-safe. The cost of a push or a deletion depends on what is pushed or deleted, not on what
 * is stored.
 */
public final class MetricStore {
  /**
   * An empty store.
   *
   * @param checksConsistency whether a push that would make the exposition invalid is refused; if
   *     not, it is taken, and scrapes fail until it is gone
   * @param reserved families of the gateway itself, whose type and help text win over pushed ones
   */
  public MetricStore(boolean checksConsistency, Collection<FamilyBlock> reserved) {
    throw new UnsupportedOperationException();
  }

  /**
   * Replays one change of a log, before {@link #start}. Nothing is checked.
   */
  public void restore(Change change) {
    throw new UnsupportedOperationException();
  }

  /**
   * Ends the replay: indexes what was restored, and sends changes to a log from now on.
   *
   * @return one sentence for each restored group that cannot be exposed with the others
   */
  public List<String> start(ChangeLog changeLog) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes a push. Returns when it is as durable as the log makes it.
   *
   * @throws PushRejectedException if the push carries timestamps or would make the exposition
   *     invalid; of the group, only the push failure time has changed
   * @throws IOException if the change cannot be kept; nothing has changed, unless the disk failed
   *     in the very last step: then the push may be visible until the next restart
   */
  public void push(Push push) throws PushRejectedException, IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Removes a group.
   *
   * @return whether it was there
   */
  public boolean delete(GroupingKey key) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Removes all groups.
   *
   * @return how many there were
   */
  public int wipe() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** All groups at one moment, sorted by key. */
  public List<Group> groups() {
    throw new UnsupportedOperationException();
  }

  /**
   * All groups at one moment, in no particular order.
   *
   * @param underLock run at that very moment, while no change can be appended to the log: a
   *     compaction notes its position here
   */
  public List<Group> checkpoint(Runnable underLock) {
    throw new UnsupportedOperationException();
  }

  /**
   * All families at one moment, merged over the groups, sorted by name, for a scrape.
   *
   * @throws InconsistentStoreException if pushes were taken unchecked that cannot be exposed
   */
  public List<MergedFamily> families() throws InconsistentStoreException {
    throw new UnsupportedOperationException();
  }

  /** How much is stored. */
  public Totals totals() {
    throw new UnsupportedOperationException();
  }

  /**
   * How much is stored.
   *
   * @param groups how many groups
   * @param families how many families, each counted once per group that has it
   * @param metrics how many metrics; a histogram is one
   * @param bytes of encoded families, without the overhead of objects
   */
  public record Totals(int groups, long families, long metrics, long bytes) {}
}
