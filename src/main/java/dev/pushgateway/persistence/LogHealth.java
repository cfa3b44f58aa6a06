package dev.pushgateway.persistence;

import java.io.IOException;

/**
 * The state of a log: whether it can take changes, and why not.
 *
 * <pre>
 *   sound ──append fails, the file can be cut──► failing ──as much can be written──► sound
 *     │                                             │
 *     └── cut, sync or exchange of files fails ─────┴──► broken ──rewrite succeeds──► sound
 * </pre>
 *
 * <p>While the log is failing, each push tries to write and may succeed: a full disk often has room
 * for short ones. The log only becomes sound after a write as long as the longest failed one, or
 * {@link #MAX_PROBE_LENGTH}. Otherwise its state would change with the length of pushes.
 *
 * <p>While the log is broken, nothing is appended, because the content of the file is unknown.
 * After a failed sync, the system may have dropped data, and it reports that only once. The content
 * of the store is then written into a new file.
 *
 * <p>Thread-safe; takes no other lock and waits for nothing.
 */
final class LogHealth {
  /** A disk block. The rest of a block in use is no proof of free space. */
  private static final int MIN_PROBE_LENGTH = 4096;

  /** A write of this length proves recovery. Failed longer writes would keep the disk busy. */
  private static final int MAX_PROBE_LENGTH = 1 << 20;

  /** The reason why the log is failing or broken; {@code null} if it is sound. */
  private String reason;

  private boolean broken;

  /** The length of the longest failed write since the log was sound. */
  private int failedLength;

  /** Counts how often the log broke. Shows whether it broke during a time without a lock. */
  private int breaks;

  private long failures;

  /** Returns why changes cannot be kept now; {@code null} if they can. */
  synchronized String reason() {
    return reason;
  }

  synchronized boolean isFailing() {
    return reason != null && !broken;
  }

  synchronized boolean isBroken() {
    return broken;
  }

  synchronized void checkNotBroken() throws IOException {
    if (broken) {
      throw new IOException(reason);
    }
  }

  synchronized int brokenCount() {
    return breaks;
  }

  /** Returns how often writing, syncing or rewriting has failed. */
  synchronized long failures() {
    return failures;
  }

  /** Counts a failure that does not change the state. */
  synchronized void countFailure() {
    failures++;
  }

  /** Notes that a write of {@code length} bytes has failed, and the file is as before. */
  synchronized void markFailing(String why, int length) {
    if (!broken) { // A sync may have broken the log meanwhile.
      reason = why;
      failedLength = Math.max(failedLength, length);
    }
  }

  /** Notes that a write of {@code length} bytes has succeeded. */
  synchronized void markWritten(int length) {
    // If a sync has broken the log meanwhile, the write counts as earlier.
    if (reason != null && !broken && length >= Math.min(failedLength, MAX_PROBE_LENGTH)) {
      becomeSound();
    }
  }

  /** Returns how many bytes to write to test whether a failing log is sound again. */
  synchronized int probeLength() {
    return Math.max(MIN_PROBE_LENGTH, Math.min(failedLength, MAX_PROBE_LENGTH));
  }

  private void becomeSound() {
    reason = null;
    failedLength = 0;
  }

  /** Notes that the content of the file is unknown. */
  synchronized void markBroken(String why) {
    broken = true;
    breaks++;
    reason = why;
  }

  /** Notes that a new file has replaced this one, which may have been broken. */
  synchronized void markExchanged() {
    if (broken) {
      broken = false;
      becomeSound();
    }
  }
}
