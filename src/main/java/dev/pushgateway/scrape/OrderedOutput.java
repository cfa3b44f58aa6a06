package dev.pushgateway.scrape;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

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
 * than if there were no such class. The bytes of pieces that are made before their turn are limited
 * over all outputs, so that many slow readers do not fill the memory with what they will read
 * later. An output beyond the limit goes on with one piece at a time.
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

  /**
   * Of all outputs together: 1 MiB for each thread, and at most 1/64 of the heap, which is a part
   * of what the memory budget leaves to the server.
   */
  static final long MAX_AHEAD_BYTES =
      Math.min((HELPERS + 1L) << 20, Runtime.getRuntime().maxMemory() / 64);

  private static final AtomicLong AHEAD_BYTES = new AtomicLong();

  private final Target<T> target;
  private final ArrayDeque<Piece<T>> waiting = new ArrayDeque<>();

  /** A piece to be made, once, by whichever thread comes first. */
  private static final class Piece<T> extends FutureTask<T> {
    private final int bytes;
    private boolean isAhead;

    Piece(Callable<T> maker, int bytes) {
      super(maker);
      this.bytes = bytes;
    }

    /** Counts the piece as one that is made before its turn, if it may be. */
    boolean claimAhead() {
      if (!isAhead) {
        isAhead = AHEAD_BYTES.addAndGet(bytes) <= MAX_AHEAD_BYTES;
        AHEAD_BYTES.addAndGet(isAhead ? 0 : -bytes);
      }
      return isAhead;
    }

    void release() {
      if (isAhead) {
        AHEAD_BYTES.addAndGet(-bytes);
      }
    }
  }

  OrderedOutput(Target<T> target) {
    this.target = target;
  }

  /**
   * Adds a piece that any thread makes, once; after a failure to write, perhaps never.
   *
   * @param bytes that the piece takes until it is written, at most as a rule
   */
  void add(Callable<T> maker, int bytes) throws IOException {
    Piece<T> piece = new Piece<>(maker, bytes);
    waiting.add(piece);
    // The first is left to this thread, which would have nothing to do otherwise.
    if (waiting.size() > 1 && HELPERS > 0 && piece.claimAhead()) {
      ForkJoinPool.commonPool().execute(piece);
    }
    writeOverdue();
  }

  private void writeOverdue() throws IOException {
    while (waiting.size() > MAX_WAITING) {
      writeFirst();
    }
  }

  /**
   * Adds a piece that is there already.
   *
   * @param bytes that are kept only for this output
   */
  void add(T made, int bytes) throws IOException {
    if (waiting.isEmpty()) {
      target.write(made); // Usual case: nothing has changed since the last scrape.
      return;
    }
    Piece<T> piece = new Piece<>(() -> made, bytes);
    if (piece.claimAhead()) {
      piece.run();
      waiting.add(piece);
      writeOverdue();
    } else {
      flush();
      target.write(made);
    }
  }

  /** How many bytes are being made or wait to be written before their turn, over all outputs. */
  static int ahead() {
    return (int) AHEAD_BYTES.get();
  }

  private void writeFirst() throws IOException {
    Piece<T> first = waiting.peek();
    first.run(); // Nothing if another thread has begun.
    for (Piece<T> other : waiting) {
      if (first.isDone()) {
        break;
      }
      if (other.claimAhead()) {
        other.run();
      }
    }
    T made = made(first);
    waiting.remove().release();
    target.write(made);
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
      if (e.getCause() instanceof Error error) {
        throw error;
      }
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
      waiting.remove().release();
    }
  }
}
