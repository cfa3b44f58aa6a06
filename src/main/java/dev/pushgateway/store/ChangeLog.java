package dev.pushgateway.store;

import dev.pushgateway.change.Change;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Where the changes of a {@link MetricStore} go before they are made: a file, later a replica.
 *
 * <p>The store calls {@link #append} one change after the other, in the order in which it makes
 * them; a change that cannot be appended is not made. While it takes, other changes wait, scrapes
 * do not. Before the store tells anyone that a change was made, or that there was nothing to do, it
 * calls {@link #awaitDurable}, from many threads at once.
 */
public interface ChangeLog {
  /** Keeps nothing: a gateway that lives in memory only. */
  ChangeLog NONE =
      new ChangeLog() {
        @Override
        public long append(Change change) {
          return 0;
        }

        @Override
        public void awaitDurable(long position) {}
      };

  /** A change in the form in which a log keeps it. */
  interface Entry {
    /** As {@link ChangeLog#append}. */
    long append() throws IOException;
  }

  /**
   * Does what can be done of {@link #append} before it is a change's turn. Called from many threads
   * at once; what comes of it may never be appended.
   */
  default Entry prepare(Change change) {
    return () -> append(change);
  }

  /**
   * Adds a change at the end.
   *
   * @return the position behind the change, for {@link #awaitDurable}
   * @throws IOException if the change cannot be kept; the log is then as it was before
   */
  long append(Change change) throws IOException;

  /**
   * Waits until everything up to a position is as safe as the log promises to make it.
   *
   * @throws IOException if it cannot be made so; the change may or may not survive a crash
   */
  void awaitDurable(long position) throws IOException;

  /**
   * As the other one, but need not keep the thread: where another one waits for the disk anyway,
   * that one may tell the waiter.
   *
   * @return whether it has been made so; else the waiter has been detached
   */
  default boolean awaitDurable(long position, Waiter waiter) throws IOException {
    awaitDurable(position);
    return true;
  }

  /** Who can wait without a thread. */
  interface Waiter {
    /**
     * Called by the thread that asks, once at most.
     *
     * @return is called once, by whatever thread, maybe before the one that asks has gone on: with
     *     {@code null}, or with the reason why the change may not survive a crash. Must not throw
     *     anything, and not wait
     */
    Consumer<IOException> detach();
  }
}
