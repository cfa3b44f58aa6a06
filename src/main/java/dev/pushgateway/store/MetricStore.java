package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.model.MetricType;
import dev.pushgateway.parse.PreviousPush;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.store.ConsistencyCheck.IncomingFamilies;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All groups, and the check that they can be exposed together.
 *
 * <pre>
 *   changes:  one at a time    check --> append to the log --> apply     complete, when durable
 *   lock:                      [===]                          [====]
 * </pre>
 *
 * <p>Thread-safe. {@link #changes} lets one change at a time through check, log and state. A disk
 * that hangs therefore blocks changes, but no scrape. {@link #lock}, taken after it, guards the
 * state. It is held while families are looked up or replaced, never while parsing, writing a scrape
 * or waiting for a disk. All results are immutable. The cost of a push or deletion depends on its
 * own size, not on the size of the store.
 */
public final class MetricStore {
  private static final String HAS_TIMESTAMPS = "pushed metrics must not have timestamps";

  /**
   * Not a monitor, which would pin virtual threads while a disk hangs. One thread for all changes
   * was slower: 0.79 times the pushes per second over 16 connections. It took 1.07 times the CPU
   * per push (9 pairs of rounds, medians, 2 cores, 2026-11-30).
   */
  private final ReentrantLock changes = new ReentrantLock();

  /** Completes when all changes so far are durable. Guarded by {@link #changes}. */
  private CompletionStage<Void> lastDurable = ChangeLog.DURABLE;

  /** Guarded by {@link #changes}. */
  private ChangeLog changeLog = ChangeLog.NONE;

  private final Object lock = new Object();

  /** Guarded by {@link #lock}; changed only with {@link #changes}. */
  private final StoreState state;

  private final Snapshots snapshots;

  /** The clock for deletions and wipes. A push brings its own time. */
  private final Clock clock;

  /**
   * Creates an empty store without limits. It accepts pushes after {@link #start}.
   *
   * @param checksConsistency whether to refuse a push that would make the exposition invalid. If
   *     false, such a push is accepted, and scrapes fail until it is deleted.
   * @param reserved the types of the gateway's own families, by name. A pushed family with such a
   *     name must have the same type.
   */
  public MetricStore(boolean checksConsistency, Map<String, MetricType> reserved) {
    this(checksConsistency, reserved, StoreLimits.NONE);
  }

  /** Creates an empty store with limits. Restored data may exceed them. */
  public MetricStore(
      boolean checksConsistency, Map<String, MetricType> reserved, StoreLimits limits) {
    this(checksConsistency, reserved, limits, Clock.systemUTC(), -1);
  }

  /**
   * Creates an empty store for tests.
   *
   * @param hashMask the bits of a series hash that are used; with few bits, series collide
   */
  MetricStore(
      boolean checksConsistency,
      Map<String, MetricType> reserved,
      StoreLimits limits,
      Clock clock,
      long hashMask) {
    this.clock = clock;
    state = new StoreState(checksConsistency, reserved, limits, hashMask);
    snapshots = new Snapshots(lock, state.groups());
  }

  /**
   * Ends the replay of a log. Exposes the restored families, and sends all later changes to a log.
   *
   * @return one sentence for each restored family that cannot be exposed with the others
   */
  public List<String> start(ChangeLog newChangeLog) {
    changes.lock();
    try {
      changeLog = newChangeLog;
      synchronized (lock) {
        return state.index();
      }
    } finally {
      changes.unlock();
    }
  }

  /**
   * Applies a change that is in a log already, whatever the result of the consistency check. Before
   * {@link #start}, this is a change of a replayed log. Later, it is a change of another gateway.
   */
  public void apply(Change change) {
    changes.lock();
    try {
      apply(change, false);
    } finally {
      changes.unlock();
    }
  }

  /**
   * Decides a push that is in a shared log already. Applies it if it passes the check, and
   * otherwise moves the push failure time of its group. Every gateway that reads the log decides
   * alike.
   */
  public Verdict decide(Change.Pushed push) {
    changes.lock();
    try {
      String refusal;
      synchronized (lock) {
        refusal = state.refusal(state.incoming(push));
      }
      apply(refusal == null ? push : failure(push), refusal == null);
      return Verdict.of(refusal);
    } finally {
      changes.unlock();
    }
  }

  private void apply(Change change, boolean isChecked) {
    synchronized (lock) {
      snapshots.forget();
      state.apply(change, isChecked);
    }
  }

  private static Change.PushFailed failure(Change.Pushed push) {
    return new Change.PushFailed(push.key(), push.timeNanos());
  }

  /**
   * Makes a push.
   *
   * @return a stage that completes when the push, or its failure time, is as durable as the log
   *     promises. It completes with an {@link IOException} if the push cannot be kept. The store
   *     has not changed then, with one exception: if the disk failed in the last step, the push may
   *     be visible until the next start.
   * @throws StoreFullException if the push would exceed the limits of the store; nothing has
   *     changed
   */
  public CompletionStage<Verdict> push(Push push) throws StoreFullException {
    Change.Pushed change =
        new Change.Pushed(push.key(), push.replace(), push.timeNanos(), familiesOf(push));
    changes.lock();
    try {
      String refusal;
      synchronized (lock) {
        IncomingFamilies incoming = state.incoming(change);
        refusal = push.exposition().hasTimestamps() ? HAS_TIMESTAMPS : state.refusal(incoming);
        state.checkRoom(incoming, refusal != null);
      }
      Change decided = refusal == null ? change : failure(change);
      CompletionStage<Verdict> verdict = record(decided, Verdict.of(refusal));
      if (refusal == null) {
        notePush(push);
      }
      return verdict;
    } finally {
      changes.unlock();
    }
  }

  private void notePush(Push push) {
    synchronized (lock) {
      if (state.groups().contains(push.key())) { // False if the push was not recorded.
        int number = state.groups().numberOf(push.key());
        state.size().notePush(number, push.replace(), push.takenBytes());
      }
    }
  }

  /** Returns the pushed families without push times: a pushed one never replaces the real one. */
  private static List<FamilyBlock> familiesOf(Push push) {
    List<FamilyBlock> families = new ArrayList<>(push.exposition().families().size());
    for (FamilyBlock block : push.exposition().families()) {
      if (!GroupTransitions.isPushTime(block.name())) {
        families.add(block);
      }
    }
    return families;
  }

  /** Appends a checked change to the log, without holding {@link #lock}. Then applies it. */
  private <T> CompletionStage<T> record(Change change, T result) {
    try {
      lastDurable = changeLog.append(change);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    apply(change, true);
    return whenDurable(result);
  }

  private <T> CompletionStage<T> whenDurable(T result) {
    return lastDurable == ChangeLog.DURABLE
        ? CompletableFuture.completedFuture(result)
        : lastDurable.thenApply(durable -> result);
  }

  /**
   * Removes a group.
   *
   * @return a stage that completes when the deletion is durable; false if there was no such group.
   *     The answer "no such group" also waits until the log holds the change that caused it.
   */
  public CompletionStage<Boolean> delete(GroupingKey key) {
    changes.lock();
    try {
      return contains(key) ? record(new Change.Deleted(key, nowNanos()), true) : whenDurable(false);
    } finally {
      changes.unlock();
    }
  }

  private long nowNanos() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
  }

  private boolean contains(GroupingKey key) {
    synchronized (lock) {
      return state.groups().contains(key);
    }
  }

  /**
   * Removes all groups.
   *
   * @return a stage that completes with the number of removed groups, when that is durable
   */
  public CompletionStage<Integer> wipe() {
    changes.lock();
    try {
      int count = totals().groups();
      return count > 0 ? record(new Change.Wiped(nowNanos()), count) : whenDurable(0);
    } finally {
      changes.unlock();
    }
  }

  /** Returns the current families of a group, so that a parser can recognize a repeated push. */
  public PreviousPush known(GroupingKey key) {
    Optional<Group> known = group(key);
    return known.isEmpty() ? PreviousPush.NONE : known.get()::block;
  }

  /** Returns a group in its current state. */
  public Optional<Group> group(GroupingKey key) {
    synchronized (lock) {
      return Optional.ofNullable(state.groups().get(key));
    }
  }

  /** Returns all groups at one moment, sorted by key; unmodifiable. */
  public List<Group> groups() {
    return snapshot().groups();
  }

  /**
   * Returns all groups at one moment, sorted by key. Free if nothing has changed since the last
   * call.
   */
  public Snapshot snapshot() {
    return snapshots.take();
  }

  /**
   * All groups at one moment.
   *
   * @param version grows with every change of the store, and only then
   * @param groups sorted by key, unmodifiable
   */
  public record Snapshot(long version, List<Group> groups) {}

  /**
   * Returns a number that grows with every change, and only then. Numbers of different stores or
   * processes cannot be compared.
   */
  public long version() {
    synchronized (lock) {
      return state.groups().version();
    }
  }

  /**
   * Returns all groups at one moment, in an order in which they can be replayed.
   *
   * @param underLock runs at that moment, while no change can be appended to the log. A compaction
   *     notes its position then.
   */
  public List<Group> checkpoint(Runnable underLock) {
    changes.lock();
    try {
      underLock.run();
      synchronized (lock) {
        return state.forLog();
      }
    } finally {
      changes.unlock();
    }
  }

  /** Returns the names of stored families that cannot be exposed, by the key of their group. */
  public Map<GroupingKey, List<String>> hidden() {
    synchronized (lock) {
      return state.hidden();
    }
  }

  /**
   * Returns all families at one moment, merged over the groups and sorted by name, for a scrape.
   *
   * @throws InconsistentStoreException if families accepted without a check cannot be exposed
   */
  public List<MergedFamily> families() throws InconsistentStoreException {
    synchronized (lock) {
      return state.families();
    }
  }

  /** Returns the amount of stored data. */
  public Totals totals() {
    synchronized (lock) {
      return state.size().totals();
    }
  }

  /**
   * The amount of stored data.
   *
   * @param groups number of groups
   * @param families number of families, counted once per group
   * @param metrics number of metrics; a histogram is one
   * @param series number of sample lines in a scrape
   * @param bytes length of pushed families as {@link FamilyBlockRecord}s, and of names and values
   *     in grouping keys
   */
  public record Totals(int groups, long families, long metrics, long series, long bytes) {}

  /** Returns about how much heap the stored data takes, in bytes. Takes no lock. */
  public long storedBytes() {
    return state.size().storedBytes();
  }

  /**
   * Returns about how much replaced data running scrapes keep in the heap, in bytes. Takes no lock.
   */
  public long retainedBytes() {
    return state.size().retainedBytes();
  }

  /**
   * Returns an upper bound of the heap that any group needs to be pushed again, in bytes. Takes no
   * lock.
   */
  public long largestPushBytes() {
    return state.size().largestPushBytes();
  }

  /** Makes {@link #largestPushBytes} exact. Looks at each group. */
  public void findLargestPush() {
    synchronized (lock) {
      state.size().findLargestPush();
    }
  }

  /**
   * The change of the store's size by a push.
   *
   * @param isNew whether the push adds a group
   * @param bytes about how much more heap the store would take; negative if less
   */
  public record Growth(boolean isNew, long bytes) {}

  /** Returns how much the store would grow if a push were accepted now. */
  public Growth growth(Push push) {
    Set<String> arriving = new HashSet<>();
    for (FamilyBlock block : push.exposition().families()) {
      arriving.add(block.name());
    }
    synchronized (lock) {
      Group before = state.groups().get(push.key());
      long leaving =
          before == null
              ? 0
              : HeapCost.of(push.key()) + StoreSize.leavingBytes(before, push.replace(), arriving);
      return new Growth(before == null, push.heapBytes() - leaving);
    }
  }

  /**
   * Begins to send stored data. Data that is replaced before the end still takes memory, and the
   * store counts it. Call this before {@link #families} or {@link #snapshot}.
   */
  public Reading read() {
    synchronized (lock) {
      return new Reading(state.size().beginReading());
    }
  }

  /** A lease on the data of one scrape. Close it exactly once. */
  public final class Reading implements AutoCloseable {
    private final long begun;

    private Reading(long begun) {
      this.begun = begun;
    }

    @Override
    public void close() {
      synchronized (lock) {
        state.size().endReading(begun);
      }
    }
  }
}
