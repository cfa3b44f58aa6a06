package dev.pushgateway.handoff;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The time in which one thread reads from a selector and serves the requests that it reads.
 *
 * <p>The reading thread writes the steps, and the watcher thread compares them. Any thread may end
 * the turn.
 */
final class ReaderTurn {
  /**
   * Maximum number of pushes of one connection that a thread serves in a row: a client may never
   * stop.
   */
  static final int MAX_IN_A_ROW = 100;

  /** The task that reads next; null when another thread reads. */
  private final AtomicReference<Runnable> reader;

  /** Counts the beginnings and ends of pushes; odd within a push. */
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

  /** Ends the turn. Returns the reader; empty if the turn was over. */
  Optional<Runnable> end() {
    return Optional.ofNullable(reader.getAndSet(null));
  }

  /** Counts a push. Returns true if its connection had too many pushes in a row. */
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

  /** Counts the beginning or the end of a push. Only the reading thread calls this. */
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
