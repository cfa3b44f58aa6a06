package dev.pushgateway.persistence;

import dev.pushgateway.disk.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reacts to changes that another process makes to the log's file. Keeps the changed file with the
 * help of {@link KeptCopies}, and marks the log as broken until it is rewritten from memory.
 *
 * <p>Guarded by the log's lock for appending, except {@link #count} and {@link
 * #isSurelyUnderItsName}.
 */
final class ForeignChanges {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignChanges.class);

  private final Path path;
  private final FileWatch watch;
  private final KeptCopies keptCopies;
  private final LogHealth health;
  private final Clock clock;

  private final AtomicLong count = new AtomicLong();

  /** True if a gateway wrote the file that has the name. */
  private boolean isNameOurs;

  /** True if the log's file had the name and has lost it. */
  private boolean isNameLost;

  /**
   * Watches nothing yet.
   *
   * @param isNameOurs whether a gateway wrote the file that has the name now
   */
  ForeignChanges(
      Path path,
      FileWatch watch,
      KeptCopies keptCopies,
      LogHealth health,
      Clock clock,
      boolean isNameOurs) {
    this.isNameOurs = isNameOurs;
    this.path = path;
    this.watch = watch;
    this.keptCopies = keptCopies;
    this.health = health;
    this.clock = clock;
  }

  long count() {
    return count.get();
  }

  /** Begins to watch a file of the log that has just taken the name. */
  void begin(LogFile file) {
    keptCopies.begin();
    watch.begin(file);
    isNameOurs = true;
    isNameLost = false;
  }

  /** Stops watching a file that has lost its name and is closed. */
  void forget() {
    watch.forget();
  }

  /** Returns whether a new file should take mode, owner and group from the file with the name. */
  boolean isNameOurs() {
    return isNameOurs;
  }

  /** Returns whether the log's file has lost the name. */
  boolean isNameLost() {
    return isNameLost;
  }

  /** Returns the same as {@link FileWatch#isSurelyUnderItsName}; false if the look fails. */
  boolean isSurelyUnderItsName() {
    try {
      return watch.isSurelyUnderItsName();
    } catch (IOException e) {
      return false; // detect() reports the reason.
    }
  }

  /** Returns the same as {@link FileWatch#looksTouched}; false if the look fails. */
  boolean looksTouched() {
    try {
      return watch.looksTouched();
    } catch (IOException unknown) {
      return false; // Writing will fail as well, or the check every second reports the reason.
    }
  }

  /** Keeps the file with the name if it holds something that a new file lacks. */
  void keepCopy() throws IOException {
    keptCopies.keep();
  }

  /** Marks the log as broken if its file has been changed in a new way. */
  void detect() {
    try {
      FileWatch.Finding finding = watch.detect(!health.isBroken());
      if (finding != FileWatch.Finding.UNTOUCHED && !(health.isBroken() && isKnown(finding))) {
        found(finding);
      }
    } catch (IOException e) {
      if (!health.isBroken()) {
        breakLog("cannot look at persistence file " + path + ": " + Reasons.of(e));
      }
    }
  }

  private boolean isKnown(FileWatch.Finding finding) throws IOException {
    return finding == FileWatch.Finding.REMOVED || keptCopies.isWanted() || keptCopies.hasKept();
  }

  private void found(FileWatch.Finding finding) {
    if (finding != FileWatch.Finding.CHANGED) {
      isNameOurs = false;
      isNameLost = true;
    }
    if (finding != FileWatch.Finding.REMOVED) {
      keptCopies.want(".foreign-" + KeptCopies.stamp(clock));
    }
    count.incrementAndGet();
    breakLog("cannot go on with persistence file " + path + ": " + finding);
  }

  private void breakLog(String reason) {
    LOG.error("{}; rewriting it from memory", reason);
    health.countFailure();
    health.markBroken(reason);
  }
}
