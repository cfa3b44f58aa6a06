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
 * <p>Thread-safe. {@link #changes} lets one change at a time through check, log and state: a disk
 * that hangs holds up changes, but no scrape. {@link #lock}, taken after it, guards the state. It
 * is held to look up and to replace what a push names, never to parse, to write a scrape or to wait
 * for a disk. What is handed out is immutable. The cost of a push or a deletion depends on what is
 * pushed or deleted, not on what is stored.
 */
public final class MetricStore {
  private static final String HAS_TIMESTAMPS = "pushed metrics must not have timestamps";

  /**
   * Not a monitor, which would pin virtual threads while a disk hangs. A thread of its own that
   * takes all changes instead made 0.79 times as many pushes per second over 16 connections, at
   * 1.07 times the CPU per push (9 pairs of rounds, medians, 2 cores, 2026-11-30).
   */
  private final ReentrantLock changes = new ReentrantLock();

  /** Completes when all changes so far are durable. Guarded by {@link #changes}. */
  private CompletionStage<Void> lastDurable = ChangeLog.DURABLE;

  /** Guarded by {@link #changes}. */
  private ChangeLog changeLog = ChangeLog.NONE;

  private final Object lock = new Object();

  /** Guarded by {@link #lock}; changed with {@link #changes} only. */
  private final StoreState state;

  private final Snapshots snapshots;

  /** Tells the time of deletions and wipes; a push brings its own. */
  private final Clock clock;

  /**
   * An empty store without limits. Takes pushes after {@link #start}.
   *
   * @param checksConsistency whether a push that would make the exposition invalid is refused. If
   *     not, it is accepted, and scrapes fail until it is gone
   * @param reserved the types of the gateway's own families by name; a pushed family of such a name
   *     must have the same
   */
  public MetricStore(boolean checksConsistency, Map<String, MetricType> reserved) {
    this(checksConsistency, reserved, StoreLimits.NONE);
  }

  /** An empty store with limits, which do not hold for what is restored. */
  public MetricStore(
      boolean checksConsistency, Map<String, MetricType> reserved, StoreLimits limits) {
    this(checksConsistency, reserved, limits, Clock.systemUTC(), -1);
  }

  /**
   * An empty store for tests.
   *
   * @param hashMask the bits of a series hash that count: with few, series collide
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
   * Ends the replay of a log: exposes what was restored, and sends changes to a log from now on.
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
   * Applies a change that is in a log already, whatever the consistency check says of it: before
   * {@link #start} the changes of a replayed log, later those that another gateway has recorded.
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
   * Decides a push that is in a shared log already: applies it if it passes the check, and
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
   * @return completes when the push, or its failure time, is as durable as the log promises;
   *     completes with an {@link IOException} if it cannot be kept. Nothing has changed then,
   *     unless the disk failed in the very last step: the push may be visible until the next start
   * @throws StoreFullException if the store would have more than its limits allow; nothing has
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
      if (state.groups().contains(push.key())) { // Else the push could not be recorded.
        int number = state.groups().numberOf(push.key());
        state.size().notePush(number, push.replace(), push.takenBytes());
      }
    }
  }

  /** Without push times: a pushed one never replaces the real one. */
  private static List<FamilyBlock> familiesOf(Push push) {
    List<FamilyBlock> families = new ArrayList<>(push.exposition().families().size());
    for (FamilyBlock block : push.exposition().families()) {
      if (!GroupTransitions.isPushTime(block.name())) {
        families.add(block);
      }
    }
    return families;
  }

  /**
   * Appends a change that has been checked to the log, without the lock on the state; applies it.
   */
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
   * @return completes with whether the group was there, when that is durable: also the answer that
   *     there is none waits until the log holds what made it so
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
   * @return completes with the number of groups removed, when that is durable
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

  /** The families of a group as they are now, for a parser to recognize. */
  public PreviousPush known(GroupingKey key) {
    Optional<Group> known = group(key);
    return known.isEmpty() ? PreviousPush.NONE : known.get()::block;
  }

  /** Returns a group as it is now. */
  public Optional<Group> group(GroupingKey key) {
    synchronized (lock) {
      return Optional.ofNullable(state.groups().get(key));
    }
  }

  /** All groups at one moment, sorted by key; unmodifiable. */
  public List<Group> groups() {
    return snapshot().groups();
  }

  /** All groups at one moment, sorted by key. Free if nothing has changed since the last call. */
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

  /** Grows with every change, and only then; says nothing about other stores or processes. */
  public long version() {
    synchronized (lock) {
      return state.groups().version();
    }
  }

  /**
   * All groups at one moment, in an order in which they can be replayed.
   *
   * @param underLock run at that very moment, while no change can be appended to the log: a
   *     compaction notes its position here
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

  /** The names of families that are stored but cannot be exposed, by the key of their group. */
  public Map<GroupingKey, List<String>> hidden() {
    synchronized (lock) {
      return state.hidden();
    }
  }

  /**
   * All families at one moment, merged over the groups, sorted by name, for a scrape.
   *
   * @throws InconsistentStoreException if pushes were accepted unchecked that cannot be exposed
   */
  public List<MergedFamily> families() throws InconsistentStoreException {
    synchronized (lock) {
      return state.families();
    }
  }

  /** How much is stored. */
  public Totals totals() {
    synchronized (lock) {
      return state.size().totals();
    }
  }

  /**
   * How much is stored.
   *
   * @param groups how many groups
   * @param families how many families, each counted once per group that has it
   * @param metrics how many metrics; a histogram is one
   * @param series how many sample lines a scrape has of them
   * @param bytes of pushed families as {@link FamilyBlockRecord}s, and of names and values of
   *     grouping keys
   */
  public record Totals(int groups, long families, long metrics, long series, long bytes) {}

  /** About how much of the heap the stored data takes. Takes no lock. */
  public long storedBytes() {
    return state.size().storedBytes();
  }

  /** About how much of the heap running scrapes keep of what was replaced. Takes no lock. */
  public long retainedBytes() {
    return state.size().retainedBytes();
  }

  /** An upper bound of what it takes of the heap to push any group again. Takes no lock. */
  public long largestPushBytes() {
    return state.size().largestPushBytes();
  }

  /** Makes {@link #largestPushBytes} exact, at the cost of a look at each group. */
  public void findLargestPush() {
    synchronized (lock) {
      state.size().findLargestPush();
    }
  }

  /**
   * What a push would change.
   *
   * @param isNew whether its group is not there yet
   * @param bytes how much more of the heap the store would take, about; negative if less
   */
  public record Growth(boolean isNew, long bytes) {}

  /** Works out how much the store would grow if a push were accepted now. */
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
   * Begins to send what is stored now: what goes from the store before the end of it still takes
   * memory, and the store must know. Call this before {@link #families} or {@link #snapshot}.
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
