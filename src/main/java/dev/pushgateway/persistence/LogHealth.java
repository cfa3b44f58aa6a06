package dev.pushgateway.persistence;

import java.io.IOException;

/**
 * Whether a log can take changes, and why it cannot.
 *
 * <pre>
 *   sound ──append fails, the file can be cut──► failing ──as much can be written──► sound
 *     │                                             │
 *     └── cut, sync or exchange of files fails ─────┴──► broken ──rewrite succeeds──► sound
 * </pre>
 *
 * <p>While it is failing each push tries again, and may succeed: on a full disk short ones often
 * find room. That is no recovery, or it would come and go with the length of pushes; only one that
 * is as long as the longest that has failed, or {@link #MAX_PROBE_LENGTH}. While it is broken
 * nothing is appended, for nobody knows any more what the file holds: after a failed sync, the
 * system may have dropped what it could not write and say so only once. What the store holds is
 * then written into a new file.
 *
 * <p>Thread-safe; takes no other lock and waits for nothing.
 */
final class LogHealth {
  /** A block: the rest of one that is begun is no room. */
  private static final int MIN_PROBE_LENGTH = 4096;

  /** Writing this much counts as recovery, as writing more in vain would keep the disk busy. */
  private static final int MAX_PROBE_LENGTH = 1 << 20;

  /** Why the log is failing or broken; {@code null} if it is sound. */
  private String reason;

  private boolean broken;

  /** Of the longest write that has failed since the log was sound. */
  private int failedLength;

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

  synchronized void checkNotBroken() throws IOException {
    if (broken) {
      throw new IOException(reason);
    }
  }

  synchronized int brokenCount() {
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

  /** A write of so many bytes has failed, and the file is as it was before. */
  synchronized void markFailing(String why, int length) {
    if (!broken) { // A sync may have broken it meanwhile.
      reason = why;
      failedLength = Math.max(failedLength, length);
    }
  }

  /** A write of so many bytes has succeeded. */
  synchronized void markWritten(int length) {
    // If a sync has broken it meanwhile, this is as if it had been written before.
    if (reason != null && !broken && length >= Math.min(failedLength, MAX_PROBE_LENGTH)) {
      becomeSound();
    }
  }

  /** How many bytes to write to see whether a failing log is sound again. */
  synchronized int probeLength() {
    return Math.max(MIN_PROBE_LENGTH, Math.min(failedLength, MAX_PROBE_LENGTH));
  }

  private void becomeSound() {
    reason = null;
    failedLength = 0;
  }

  /** Nobody knows any more what the file holds. */
  synchronized void markBroken(String why) {
    broken = true;
    breaks++;
    reason = why;
  }

  /** Another file has taken the place of this one, which may have been broken. */
  synchronized void markExchanged() {
    if (broken) {
      broken = false;
      becomeSound();
    }
  }
}
