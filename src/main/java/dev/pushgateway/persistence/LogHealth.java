package dev.pushgateway.persistence;

import java.io.IOException;

/**
 * Whether a log can take changes, and why it cannot.
 *
 * <pre>
 *   sound ──append fails, the file can be cut──► failing ──append or probe succeeds──► sound
 *     │                                             │
 *     └── cut, sync or exchange of files fails ─────┴──► broken ──rewrite succeeds──► sound
 * </pre>
 *
 * <p>While it is failing each push tries again. While it is broken nothing is appended, for nobody
 * knows any more what the file holds: after a failed sync, the system may have dropped what it
 * could not write and say so only once. What the store holds is then written into a new file.
 *
 * <p>Thread-safe; takes no other lock and waits for nothing.
 */
final class LogHealth {
  /** Why the log is failing or broken; {@code null} if it is sound. */
  private String reason;

  private boolean broken;

  /** How often the log broke, to notice it across a time without a lock. */
  private int breaks;

  private long failures;

  /** Why changes cannot be kept at the moment; {@code null} if they can. */
  synchronized String reason() {
    return reason;
  }

  synchronized boolean isFailing() {
    return reason != null && !broken;
  }

  synchronized boolean isBroken() {
    return broken;
  }

  /** Refuses to go on with a broken log. */
  synchronized void checkNotBroken() throws IOException {
    if (broken) {
      throw new IOException(reason);
    }
  }

  /** How often the log has broken so far. */
  synchronized int breaks() {
    return breaks;
  }

  /** How often writing, syncing or rewriting has failed. */
  synchronized long failures() {
    return failures;
  }

  /** Something failed after which the log is as good or bad as before. */
  synchronized void countFailure() {
    failures++;
  }

  /** A write has failed, and the file is as it was before. */
  synchronized void failed(String why) {
    if (!broken) { // A sync may have broken it meanwhile.
      reason = why;
    }
  }

  /** A write has succeeded. */
  synchronized void succeeded() {
    if (!broken) { // If a sync has broken it meanwhile, this is as if it had been written before.
      reason = null;
    }
  }

  /** Nobody knows any more what the file holds. */
  synchronized void broke(String why) {
    broken = true;
    breaks++;
    reason = why;
  }

  /** Another file has taken the place of the broken one. */
  synchronized void mended() {
    broken = false;
    reason = null;
  }
}
