package dev.pushgateway.scrape;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Output in pieces. Several threads make the pieces, and one thread writes them in order.
 *
 * <pre>
 *   this thread     make 1 │ write 1 │ make 3 │ write 2 │ write 3 │ …
 *   common pool     make 2        │ make 4          │ make 5 …
 * </pre>
 *
 * <p>The writing thread makes a piece itself instead of waiting for one. It therefore never depends
 * on the common pool, which may be busy, and output of one piece has no overhead. One limit holds
 * for the bytes of all pieces that are made early, over all outputs. Many slow readers therefore
 * cannot fill the memory with later pieces. An output over the limit continues with one piece at a
 * time.
 *
 * <p>Not thread-safe: for the writing thread only.
 */
final class OrderedOutput<T> {
  /** Receives the pieces in order, on the thread that owns the output. */
  interface Target<T> {
    void write(T piece) throws IOException;
  }

  /** The number of threads that help the writing one. */
  static final int HELPERS =
      Math.min(
          Runtime.getRuntime().availableProcessors() - 1, ForkJoinPool.getCommonPoolParallelism());

  private static final int MAX_WAITING = 2 * HELPERS + 1;

  /**
   * The maximum bytes of pieces made early, over all outputs: 1 MiB for each thread, and at most
   * 1/64 of the heap. The memory budget leaves more than this to the server.
   */
  static final long MAX_AHEAD_BYTES =
      Math.min((HELPERS + 1L) << 20, Runtime.getRuntime().maxMemory() / 64);

  private static final AtomicLong AHEAD_BYTES = new AtomicLong();

  private final Target<T> target;
  private final ArrayDeque<Piece<T>> waiting = new ArrayDeque<>();

  /** A piece that is made once, by the first thread that starts on it. */
  private static final class Piece<T> extends FutureTask<T> {
    private final int bytes;
    private boolean isAhead;

    Piece(Callable<T> maker, int bytes) {
      super(maker);
      this.bytes = bytes;
    }

    /**
     * Counts the piece as made early, if the limit allows it.
     *
     * @return whether the piece counts as made early
     */
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
   * Adds a piece. Any thread may make it, and only once. After a failure to write, it may never be
   * made.
   *
   * @param bytes usual maximum of the memory that the piece takes until it is written
   */
  void add(Callable<T> maker, int bytes) throws IOException {
    Piece<T> piece = new Piece<>(maker, bytes);
    waiting.add(piece);
    // The writing thread makes the first piece, as it has nothing else to do.
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
   * Adds a piece that has been made already.
   *
   * @param bytes memory that only this output keeps in use
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

  /** Returns the bytes of all pieces that are being made early or wait to be written. */
  static int ahead() {
    return (int) AHEAD_BYTES.get();
  }

  private void writeFirst() throws IOException {
    Piece<T> first = waiting.peek();
    first.run(); // Does nothing if another thread has begun.
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
          interrupted = true; // Another thread is making it; this is short.
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

  /** Drops all pieces that are left: another part has failed, and nothing more is written. */
  void abandon() {
    while (!waiting.isEmpty()) {
      waiting.peek().cancel(false);
      waiting.remove().release();
    }
  }
}
