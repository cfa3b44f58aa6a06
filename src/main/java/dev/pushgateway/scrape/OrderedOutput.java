package dev.pushgateway.scrape;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Output in pieces that are made by several threads and written by one, in order.
 *
 * <pre>
 *   this thread     make 1 │ write 1 │ make 3 │ write 2 │ write 3 │ …
 *   common pool     make 2        │ make 4          │ make 5 …
 * </pre>
 *
 * <p>The thread that writes makes a piece itself rather than wait for one. So it never depends on
 * the common pool, which may be busy with something else, and output of one piece costs no more
 * than if there were no such class. Pieces that are made but not written are counted over all
 * outputs, so that many slow readers do not fill the memory with what they will read later.
 *
 * <p>Not thread-safe: to be used by the thread that writes.
 */
final class OrderedOutput<T> {
  /** Where pieces go; on the thread that owns the output. */
  interface Target<T> {
    void write(T piece) throws IOException;
  }

  /** How many threads there are beside the one that writes. */
  static final int HELPERS =
      Math.min(
          Runtime.getRuntime().availableProcessors() - 1, ForkJoinPool.getCommonPoolParallelism());

  private static final int MAX_WAITING = 2 * HELPERS + 1;

  /** Of all outputs together. A piece has 64 KiB as a rule, twice that at most. */
  private static final int MAX_AHEAD = 16 * (HELPERS + 1);

  private static final AtomicInteger ALL_AHEAD = new AtomicInteger();

  private final Target<T> target;
  private final ArrayDeque<Piece<T>> waiting = new ArrayDeque<>();

  /** A piece to be made, once, by whichever thread comes first. */
  private static final class Piece<T> extends FutureTask<T> {
    boolean isAhead;

    Piece(Callable<T> maker) {
      super(maker);
    }
  }

  OrderedOutput(Target<T> target) {
    this.target = target;
  }

  /** Adds a piece that any thread makes, once; after a failure to write, perhaps never. */
  void add(Callable<T> maker) throws IOException {
    Piece<T> piece = new Piece<>(maker);
    waiting.add(piece);
    // The first is left to this thread, which would have nothing to do otherwise.
    if (waiting.size() > 1 && HELPERS > 0 && claimAhead()) {
      piece.isAhead = true;
      ForkJoinPool.commonPool().execute(piece);
    }
    writeOverdue();
  }

  private void writeOverdue() throws IOException {
    while (waiting.size() > MAX_WAITING) {
      writeFirst();
    }
  }

  void add(T made) throws IOException {
    if (waiting.isEmpty()) {
      target.write(made);
    } else {
      Piece<T> piece = new Piece<>(() -> made);
      piece.run();
      waiting.add(piece);
      writeOverdue();
    }
  }

  /** How many pieces are being made or wait to be written, over all outputs. */
  static int ahead() {
    return ALL_AHEAD.get();
  }

  private static boolean claimAhead() {
    if (ALL_AHEAD.incrementAndGet() <= MAX_AHEAD) {
      return true;
    }
    ALL_AHEAD.decrementAndGet();
    return false;
  }

  private void writeFirst() throws IOException {
    Piece<T> first = waiting.peek();
    first.run(); // Nothing if another thread has begun.
    for (Piece<T> other : waiting) {
      if (first.isDone()) {
        break;
      }
      other.run();
    }
    T made = made(first);
    remove();
    target.write(made);
  }

  private void remove() {
    if (waiting.remove().isAhead) {
      ALL_AHEAD.decrementAndGet();
    }
  }

  private static <T> T made(FutureTask<T> piece) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return piece.get();
        } catch (InterruptedException e) {
          interrupted = true; // It is being made, which takes no time to speak of.
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a piece of output could not be made", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void flush() throws IOException {
    while (!waiting.isEmpty()) {
      writeFirst();
    }
  }

  /** Forgets what is left: somebody else has failed, and nothing more will be written. */
  void abandon() {
    while (!waiting.isEmpty()) {
      waiting.peek().cancel(false);
      remove();
    }
  }
}
