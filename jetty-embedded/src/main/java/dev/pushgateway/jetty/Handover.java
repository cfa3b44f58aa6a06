package dev.pushgateway.jetty;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.TryExecutor;

/**
 * Lets the thread that reads from the connections of a selector serve a small push as well, and
 * read on afterwards.
 *
 * <pre>
 *   Jetty     read ──wake another──> it reads on
 *              └───> serve
 *   usually   read ──> serve ──> read on
 *   long work read ──> handOn ──wake another──> it reads on
 *                       └───> serve
 *   held up   read ──> serve ─ ─ ─ ─ ─ ─ ─ ─ ─
 *                       └─ after a while: another is woken and reads on
 * </pre>
 *
 * <p>To wake a thread for each push, when a push is over as soon as that thread runs, took a
 * quarter of the processor time. But whatever takes longer must not keep the other connections
 * waiting: who serves anything else calls {@link #handOn} before. A thread that is held up
 * nevertheless, by a disk that hangs or by a client that never stops to send, is noticed by one
 * that looks. For a while after that, it goes as without this class.
 *
 * <p>Jetty asks {@link #tryExecute} for a thread that takes over, and does not ask again before it
 * has come; so that all that this class does is not to send it yet.
 */
final class Handover extends AbstractLifeCycle implements TryExecutor {
  /** How long a thread may be held up; a little longer than for a processor on a busy day. */
  static final Duration PATIENCE = Duration.ofMillis(10);

  /** For how long another reads on at once after somebody was held up. */
  private static final Duration DISTRUST = Duration.ofSeconds(1);

  /** Of a thread, which belongs to one server. */
  private static final ThreadLocal<Turn> OWN_TURN = new ThreadLocal<>();

  private final TryExecutor threads;
  private final long patienceNanos;

  /** The last turn of each selector, by what reads from it. */
  private final Map<Runnable, Turn> turns = new ConcurrentHashMap<>();

  private volatile boolean distrusts;
  private volatile long distrustSinceNanos;
  private volatile boolean sleeps;
  private volatile Thread watcher;

  /** The time for which one thread reads from a selector. */
  private static final class Turn {
    /** What reads on; nothing when somebody does. */
    private final AtomicReference<Runnable> next;

    /** How often a task has begun or ended: within one, it is odd. */
    private volatile long steps;

    /** Of the watcher: the steps when it last looked. */
    private long stepsSeen;

    Turn(Runnable next) {
      this.next = new AtomicReference<>(next);
    }

    boolean isOver() {
      return next.get() == null;
    }

    boolean isWithinTask() {
      return isOdd(steps);
    }

    static boolean isOdd(long steps) {
      return (steps & 1) == 1;
    }

    /** Only the thread whose turn it is counts. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void step() {
      steps++;
    }
  }

  /**
   * Not running yet.
   *
   * @param threads that take over
   * @param patience how long one may be held up; after at most twice as long it is noticed
   */
  Handover(TryExecutor threads, Duration patience) {
    this.threads = threads;
    this.patienceNanos = patience.toNanos();
  }

  @Override
  protected void doStart() {
    Thread thread = new Thread(this::watch, "handover");
    thread.setDaemon(true);
    watcher = thread;
    thread.start();
  }

  @Override
  protected void doStop() {
    LockSupport.unpark(watcher);
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /**
   * Has a selector be read on, at the latest when the calling thread is held up.
   *
   * @param reader of a selector that the calling thread has read from
   */
  @Override
  public boolean tryExecute(Runnable reader) {
    if (distrusts() || !isRunning()) {
      return threads.tryExecute(reader);
    }
    Turn turn = new Turn(reader);
    OWN_TURN.set(turn);
    turns.put(reader, turn);
    return true;
  }

  private boolean distrusts() {
    if (distrusts && System.nanoTime() - distrustSinceNanos > DISTRUST.toNanos()) {
      distrusts = false;
    }
    return distrusts;
  }

  /** To be called before anything that may take long: another thread reads on from now. */
  void handOn() {
    Turn turn = OWN_TURN.get();
    if (turn != null) {
      OWN_TURN.remove();
      end(turn);
    }
  }

  /** What a selector has a thread do for a connection, so that it is noticed if it takes long. */
  Invocable.Task watched(Runnable task) {
    return new WatchedTask(task);
  }

  /** As Jetty knows it, but for the watching. */
  private final class WatchedTask implements Invocable.Task, Closeable {
    private final Runnable task;

    WatchedTask(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      begin();
      try {
        task.run();
      } finally {
        endTask();
      }
    }

    @Override
    public InvocationType getInvocationType() {
      return Invocable.getInvocationType(task);
    }

    @Override
    public void close() throws IOException {
      if (task instanceof Closeable closeable) {
        closeable.close();
      }
    }

    @Override
    public String toString() {
      return task.toString();
    }
  }

  private void begin() {
    Turn turn = OWN_TURN.get();
    if (turn == null) {
      return;
    }
    if (turn.isOver()) {
      OWN_TURN.remove();
      return;
    }
    turn.step();
    if (sleeps) {
      sleeps = false;
      LockSupport.unpark(watcher);
    }
  }

  private void endTask() {
    Turn turn = OWN_TURN.get();
    if (turn != null && turn.isWithinTask()) {
      turn.step();
    }
  }

  /** Ends a turn, unless it is over. */
  private boolean end(Turn turn) {
    Runnable reader = turn.next.getAndSet(null);
    if (reader == null) {
      return false;
    }
    try {
      if (!threads.tryExecute(reader)) {
        threads.execute(reader);
      }
    } catch (RejectedExecutionException e) {
      // The server stops; nothing more is read.
      return false;
    }
    return true;
  }

  private void watch() {
    while (isStarting() || isRunning()) {
      if (!look()) {
        sleeps = true;
        if (!look()) { // What has begun before it was told that this thread sleeps.
          LockSupport.park(this);
        }
        sleeps = false;
      }
      LockSupport.parkNanos(this, patienceNanos);
    }
  }

  /** Ends the turns of those that are held up; whether anything was done since last time. */
  private boolean look() {
    boolean found = false;
    for (Turn turn : turns.values()) {
      long steps = turn.steps;
      if (steps != turn.stepsSeen) {
        turn.stepsSeen = steps;
        found = true;
      } else if (Turn.isOdd(steps) && end(turn)) {
        distrustSinceNanos = System.nanoTime();
        distrusts = true;
      }
    }
    return found;
  }
}
