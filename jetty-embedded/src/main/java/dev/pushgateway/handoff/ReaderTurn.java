package dev.pushgateway.handoff;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The time for which one thread reads from a selector and serves what it reads.
 *
 * <p>The reading thread writes the steps, the watcher thread compares them. Any thread may end the
 * turn.
 */
final class ReaderTurn {
  /** How many pushes of one connection a thread serves in a row; a client may never stop. */
  static final int MAX_IN_A_ROW = 100;

  /** The task that reads next; null when another thread reads. */
  private final AtomicReference<Runnable> reader;

  /** How often a push has begun or ended: odd within a push. */
  private volatile long steps;

  /** The steps at the watcher's last check. */
  private long checkedSteps;

  private Object lastConnection;
  private int countInARow;

  ReaderTurn(Runnable reader) {
    this.reader = new AtomicReference<>(reader);
  }

  boolean isFor(Runnable other) {
    return reader.get() == other;
  }

  boolean isOver() {
    return reader.get() == null;
  }

  /** Ends the turn; returns the reader, or empty if the turn was over. */
  Optional<Runnable> end() {
    return Optional.ofNullable(reader.getAndSet(null));
  }

  /** Counts a push; true if its connection has had enough pushes in a row. */
  boolean isTooLongFor(Object connection) {
    if (connection != lastConnection) {
      lastConnection = connection;
      countInARow = 0;
    }
    return ++countInARow > MAX_IN_A_ROW;
  }

  boolean isWithinPush() {
    return (steps & 1) == 1;
  }

  /** Notes that a push begins or ends. Only the reading thread calls this. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void step() {
    steps++;
  }

  /** Returns whether there was a step since the last call. Only the watcher calls this. */
  boolean hasStepped() {
    long now = steps;
    boolean stepped = now != checkedSteps;
    checkedSteps = now;
    return stepped;
  }
}
