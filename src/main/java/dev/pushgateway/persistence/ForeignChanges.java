package dev.pushgateway.persistence;

import dev.pushgateway.disk.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reacts to changes that another process makes to the log's file: keeps the changed file with the
 * help of {@link KeptCopies}, and marks the log as broken until it is written again from memory.
 *
 * <p>Guarded by the lock of the log that is held to append, except {@link #count} and {@link
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

  /** Whether the file under the name was written by a gateway. */
  private boolean isNameOurs;

  /** Whether our file had the name and has lost it. */
  private boolean isNameLost;

  /**
   * Nothing is watched yet.
   *
   * @param isNameOurs whether the file that has the name now was written by a gateway
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

  /** Begins to watch a file of ours, which has just taken the name. */
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

  /** Returns whether a new file should have mode, owner and group of the one under the name. */
  boolean isNameOurs() {
    return isNameOurs;
  }

  /** Returns whether the file of the log has no name, or one that nobody knows. */
  boolean isNameLost() {
    return isNameLost;
  }

  /** See {@link FileWatch#isSurelyUnderItsName}. */
  boolean isSurelyUnderItsName() {
    try {
      return watch.isSurelyUnderItsName();
    } catch (IOException e) {
      return false; // detect() says why.
    }
  }

  /** See {@link FileWatch#looksTouched}. */
  boolean looksTouched() {
    try {
      return watch.looksTouched();
    } catch (IOException unknown) {
      return false; // To write will fail, too, or the thread that looks every second says why.
    }
  }

  /** Keeps the file under the name if it has something that a new file lacks. */
  void keepCopy() throws IOException {
    keptCopies.keep();
  }

  /** Marks the log as broken if its file has been changed in a way that was not known yet. */
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
    LOG.error("{}; it is written again", reason);
    health.countFailure();
    health.markBroken(reason);
  }
}
