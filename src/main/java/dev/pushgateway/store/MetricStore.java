package dev.pushgateway.store;

import dev.pushgateway.block.FamilyBlock;
import dev.pushgateway.block.FamilyBlockRecord;
import dev.pushgateway.change.Change;
import dev.pushgateway.change.GroupingKey;
import dev.pushgateway.parse.KnownFamilies;
import dev.pushgateway.scrape.MergedFamily;
import dev.pushgateway.store.FamilyIndex.Arrival;
import dev.pushgateway.store.Group.Family;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All groups, and the check that they can be exposed together.
 *
 * <p>Thread-safe. One lock guards all state; it is held for looking up and exchanging what a push
 * names, never for parsing, encoding, writing a scrape or waiting for a disk. A second one, taken
 * before the first, lets one change at a time through check, log and store: a disk that hangs holds
 * up changes, but no scrape. What is handed out is immutable. The cost of a push or a deletion
 * depends on what is pushed or deleted, not on what is stored.
 */
public final class MetricStore {
  /** Some microseconds; no good where nobody else can run meanwhile. */
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final boolean checksConsistency;

  /** Tells the time of deletions and wipes; a push brings its own. */
  private final Clock clock;

  /**
   * For one change at a time; not a monitor, which would pin virtual threads while a disk hangs.
   */
  private final ReentrantLock changes = new ReentrantLock();

  /** Behind the last change in the log, whoever made it. Guarded by {@link #changes}. */
  private long lastPosition;

  /** Guards all that follows. */
  private final Object lock = new Object();

  private final GroupTable groups = new GroupTable();
  private final Exposure exposure;
  private ChangeLog changeLog = ChangeLog.NONE;
  private boolean started;

  /** Whether a push has been checked and is being logged: what it was checked against must stay. */
  private boolean changing;

  private final StoreSize size;

  private final GroupOrder order = new GroupOrder();

  /**
   * What {@link #snapshot()} last made; {@code null} after a change, so as to keep nothing alive.
   */
  private Snapshot snapshot;

  /**
   * An empty store. Takes pushes after {@link #start}.
   *
   * @param checksConsistency whether a push that would make the exposition invalid is refused; if
   *     not, it is taken, and scrapes fail until it is gone
   * @param reserved families of the gateway itself, whose types pushed ones must have, too
   */
  public MetricStore(boolean checksConsistency, Collection<FamilyBlock> reserved) {
    this(checksConsistency, reserved, StoreLimits.NONE);
  }

  /**
   * An empty store that takes so much and no more. What is restored is taken in any case.
   *
   * @param checksConsistency as above
   * @param reserved as above
   */
  public MetricStore(
      boolean checksConsistency, Collection<FamilyBlock> reserved, StoreLimits limits) {
    this(checksConsistency, reserved, limits, Clock.systemUTC());
  }

  /**
   * An empty store with a clock of its own.
   *
   * @param clock tells the time of deletions and wipes
   */
  public MetricStore(
      boolean checksConsistency,
      Collection<FamilyBlock> reserved,
      StoreLimits limits,
      Clock clock) {
    this.checksConsistency = checksConsistency;
    this.clock = clock;
    size = new StoreSize(limits);
    exposure = new Exposure(checksConsistency, reserved, groups);
  }

  /** Replays one change of a log, before {@link #start}. Nothing is checked. */
  public void restore(Change change) {
    synchronized (lock) {
      if (change instanceof Change.Pushed pushed) {
        Group before = groups.get(pushed.key());
        put(
            Groups.afterPush(
                before, pushed.key(), pushed.replace(), pushed.timeNanos(), pushed.families()));
      } else if (change instanceof Change.PushFailed failed) {
        put(Groups.afterFailure(groups.get(failed.key()), failed.key(), failed.timeNanos()));
      } else if (change instanceof Change.Deleted deleted) {
        remove(deleted.key());
      } else if (change instanceof Change.Wiped) {
        clear();
      } else if (change instanceof Change.Stored stored) {
        put(Group.of(stored));
      }
    }
  }

  /**
   * Ends the replay: indexes what was restored, and sends changes to a log from now on.
   *
   * @return one sentence for each restored family that cannot be exposed with the others
   */
  public List<String> start(ChangeLog newChangeLog) {
    synchronized (lock) {
      List<String> conflicts = new ArrayList<>();
      Group[] restored = groups.byNumber();
      exposure.expect(countMetrics(restored));
      for (int number = 0; number < restored.length; number++) {
        if (restored[number] != null) {
          for (Family family : restored[number].families()) {
            size.add(number, family.block());
            String conflict = exposure.add(number, family);
            if (conflict != null && !Groups.isPushTime(family.name())) {
              conflicts.add("group " + restored[number].key() + ": " + conflict);
            }
          }
          size.settle(number);
        }
      }
      changeLog = newChangeLog;
      started = true;
      return conflicts;
    }
  }

  private static long countMetrics(Group[] groups) {
    long count = 0;
    for (Group group : groups) {
      if (group != null) {
        for (Family family : group.families()) {
          count += family.block().size();
        }
      }
    }
    return count;
  }

  /**
   * Makes a push. Returns when it is as durable as the log makes it.
   *
   * @throws PushRejectedException if the push carries timestamps or would make the exposition
   *     invalid; of the group, only the push failure time has changed
   * @throws StoreFullException if the store would have more than its limits allow; nothing has
   *     changed
   * @throws IOException if the change cannot be kept; nothing has changed, unless the disk failed
   *     in the very last step: then the push may be visible until the next restart
   */
  public void push(Push push) throws PushRejectedException, StoreFullException, IOException {
    Made made = make(push);
    changeLog.awaitDurable(made.position);
    made.checkTaken();
  }

  /**
   * As the other one, but need not keep the thread until the push is durable; what is rejected
   * does.
   *
   * @return whether it is durable; else the waiter has been detached and will be told
   */
  public boolean push(Push push, ChangeLog.Waiter waiter)
      throws PushRejectedException, StoreFullException, IOException {
    Made made = make(push);
    if (made.rejection == null) {
      return changeLog.awaitDurable(made.position, waiter);
    }
    changeLog.awaitDurable(made.position);
    made.checkTaken();
    return true;
  }

  /**
   * What was made of a push.
   *
   * @param position behind it in the log
   * @param rejection why it was not taken; {@code null} if it was
   */
  private record Made(long position, String rejection) {
    void checkTaken() throws PushRejectedException {
      if (rejection != null) {
        throw new PushRejectedException(rejection);
      }
    }
  }

  private Made make(Push push) throws StoreFullException, IOException {
    Map<String, FamilyBlock> families = new LinkedHashMap<>();
    for (FamilyBlock block : push.exposition().families()) {
      if (!Groups.isPushTime(block.name())) { // A pushed one never replaces the real one.
        families.put(block.name(), block);
      }
    }
    Change.Pushed change =
        new Change.Pushed(
            push.key(), push.replace(), push.timeNanos(), List.copyOf(families.values()));
    ChangeLog.Entry entry = changeLog.prepare(change);
    Group before;
    String reason;
    lockChanges();
    try {
      synchronized (lock) {
        changing = true;
        int number = groups.numberOf(push.key());
        before = groups.get(number);
        reason = rejection(push, new Arrival(number, before, push.replace(), families));
        // One that is not taken may still bring its group, for its push failure time.
        Map<String, FamilyBlock> taken = reason == null ? families : Map.of();
        size.check(number, push.key(), before, reason == null && push.replace(), taken);
      }
      if (reason == null) {
        log(entry, () -> apply(change, families, before));
      } else {
        Change.PushFailed failure = new Change.PushFailed(push.key(), push.timeNanos());
        log(changeLog.prepare(failure), () -> apply(failure));
      }
      return new Made(lastPosition, reason);
    } finally {
      synchronized (lock) {
        changing = false;
      }
      changes.unlock();
    }
  }

  /**
   * Takes {@link #changes}. It is given back within microseconds as a rule, while to park a thread
   * and to wake it again takes ten times that: looking again before that gave 6 % more pushes a
   * second over 16 connections (2 cores, 2026-11-24).
   */
  private void lockChanges() {
    for (int i = 0; i < SPINS; i++) {
      if (changes.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    changes.lock();
  }

  /** Adds a change to the log, without the lock on the state, and makes it. */
  private void log(ChangeLog.Entry change, Runnable application) throws IOException {
    lastPosition = change.append();
    synchronized (lock) {
      application.run();
    }
  }

  private String rejection(Push push, Arrival arrival) {
    if (!started) {
      throw new IllegalStateException("push before the store was started");
    }
    if (push.exposition().hasTimestamps()) {
      return "pushed metrics must not have timestamps";
    }
    return checksConsistency ? exposure.conflict(arrival) : null;
  }

  private void apply(Change.Pushed change, Map<String, FamilyBlock> families, Group before) {
    Group after =
        Groups.afterPush(
            before, change.key(), change.replace(), change.timeNanos(), change.families());
    int number = put(after);
    if (before != null && change.replace()) {
      for (Family family : before.families()) {
        if (!families.containsKey(family.name()) && !Groups.isPushTime(family.name())) {
          exposure.remove(family);
          size.remove(number, family.block());
        }
      }
    }
    for (String name : families.keySet()) {
      exchange(number, name, before, after);
    }
    exchangePushTimes(number, before, after);
    size.settle(number);
  }

  private void apply(Change.PushFailed change) {
    Group before = groups.get(change.key());
    Group after = Groups.afterFailure(before, change.key(), change.timeNanos());
    int number = put(after);
    exchangePushTimes(number, before, after);
    size.settle(number);
  }

  private void exchangePushTimes(int number, Group before, Group after) {
    exchange(number, Group.PUSH_TIME, before, after);
    exchange(number, Group.PUSH_FAILURE_TIME, before, after);
  }

  private void exchange(int number, String name, Group before, Group after) {
    Family older = before == null ? null : before.family(name);
    Family family = after.family(name);
    if (older != family) {
      size.add(number, family.block());
      if (older != null) {
        size.remove(number, older.block());
      }
      exposure.exchange(number, older, family);
    }
  }

  /**
   * Removes a group. Also the answer that there is none waits until the log holds what made it so.
   *
   * @return whether it was there
   */
  public boolean delete(GroupingKey key) throws IOException {
    long position;
    boolean present;
    changes.lock();
    try {
      present = contains(key);
      if (present) {
        log(changeLog.prepare(new Change.Deleted(key, nowNanos())), () -> removeExposed(key));
      }
      position = lastPosition;
    } finally {
      changes.unlock();
    }
    changeLog.awaitDurable(position);
    return present;
  }

  /** The families of a group as they are now, for a parser to recognize. */
  public KnownFamilies known(GroupingKey key) {
    Group known;
    synchronized (lock) {
      known = groups.get(key);
    }
    return known == null ? KnownFamilies.NONE : known::block;
  }

  private long nowNanos() {
    Instant now = clock.instant();
    return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
  }

  private boolean contains(GroupingKey key) {
    synchronized (lock) {
      return groups.contains(key);
    }
  }

  private void removeExposed(GroupingKey key) {
    int number = groups.numberOf(key);
    for (Family family : groups.get(key).families()) {
      exposure.remove(family);
      size.remove(number, family.block());
    }
    remove(key);
  }

  /**
   * Removes all groups. As with {@link #delete}, none is an answer to wait for, too.
   *
   * @return how many there were
   */
  public int wipe() throws IOException {
    long position;
    int count;
    changes.lock();
    try {
      count = totals().groups();
      if (count > 0) {
        log(changeLog.prepare(new Change.Wiped(nowNanos())), this::clear);
      }
      position = lastPosition;
    } finally {
      changes.unlock();
    }
    changeLog.awaitDurable(position);
    return count;
  }

  /** All groups at one moment, sorted by key; unmodifiable. */
  public List<Group> groups() {
    return snapshot().groups();
  }

  /**
   * All groups at one moment, sorted by key.
   *
   * <p>Free if nothing has changed since the last one. If groups were pushed, a copy of references;
   * only if some came or went is there something to sort, and the sorting is done without the lock.
   */
  public Snapshot snapshot() {
    Group[] copy;
    long atVersion;
    long atKeysVersion;
    synchronized (lock) {
      if (snapshot != null) {
        return snapshot;
      }
      copy = groups.byNumber();
      atVersion = groups.version();
      atKeysVersion = groups.keysVersion();
    }
    List<Group> sorted =
        Collections.unmodifiableList(Arrays.asList(order.sort(copy, atKeysVersion)));
    Snapshot made = new Snapshot(atVersion, sorted);
    synchronized (lock) {
      if (groups.version() == atVersion) {
        snapshot = made;
      }
    }
    return made;
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
      return groups.version();
    }
  }

  /**
   * All groups at one moment, in no particular order.
   *
   * @param underLock run at that very moment, while no change can be appended to the log: a
   *     compaction notes its position here
   */
  public List<Group> checkpoint(Runnable underLock) {
    Group[] copy;
    changes.lock();
    try {
      underLock.run();
      synchronized (lock) {
        copy = groups.byNumber();
      }
    } finally {
      changes.unlock();
    }
    List<Group> all = new ArrayList<>(copy.length);
    for (Group group : copy) {
      if (group != null) {
        all.add(group);
      }
    }
    return all;
  }

  /**
   * All families at one moment, merged over the groups, sorted by name, for a scrape.
   *
   * @throws InconsistentStoreException if pushes were taken unchecked that cannot be exposed
   */
  public List<MergedFamily> families() throws InconsistentStoreException {
    synchronized (lock) {
      return exposure.families(!(changing && checksConsistency));
    }
  }

  /** How much is stored. */
  public Totals totals() {
    synchronized (lock) {
      return size.totals();
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

  /** What all that is stored takes of the heap, about. Costs nothing. */
  public long heapBytes() {
    return size.heapBytes();
  }

  /**
   * Begins to send what is stored now: what goes from the store before the end of it still takes
   * memory, and the store must know. Call this before {@link #families} or {@link #snapshot}.
   */
  public Reading read() {
    synchronized (lock) {
      return new Reading(size.beginReading());
    }
  }

  /** That somebody is sending a snapshot; to be closed once. */
  public final class Reading implements AutoCloseable {
    private final long begun;

    private Reading(long begun) {
      this.begun = begun;
    }

    @Override
    public void close() {
      synchronized (lock) {
        size.endReading(begun);
      }
    }
  }

  /** Puts a group in place of the one with its key, if there is one; returns its number. */
  private int put(Group group) {
    long keysVersion = groups.keysVersion();
    int number = groups.put(group);
    if (groups.keysVersion() != keysVersion) {
      size.addGroup(number, group.key());
    }
    snapshot = null;
    return number;
  }

  private void remove(GroupingKey key) {
    if (groups.contains(key)) {
      size.removeGroup(groups.numberOf(key), key);
      groups.remove(key);
      snapshot = null;
    }
  }

  private void clear() {
    groups.clear();
    exposure.clear();
    size.clear();
    snapshot = null;
  }
}
