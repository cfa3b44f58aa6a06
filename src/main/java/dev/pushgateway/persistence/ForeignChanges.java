package dev.pushgateway.persistence;

import dev.pushgateway.disk.Reasons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of it when somebody else has put hands on the file of a running log: the log is
 * broken until it is written again from memory, and what is there is kept {@link KeptCopies}
 * before.
 *
 * <p>For one thread, but for {@link #count}. Nobody may append to the file while it looks.
 */
final class ForeignChanges {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignChanges.class);

  private final Path path;
  private final FileWatch watch;
  private final KeptCopies keptCopies;
  private final LogHealth health;
  private final Clock clock;

  private final AtomicLong count = new AtomicLong();

  ForeignChanges(Path path, FileWatch watch, KeptCopies keptCopies, LogHealth health, Clock clock) {
    this.path = path;
    this.watch = watch;
    this.keptCopies = keptCopies;
    this.health = health;
    this.clock = clock;
  }

  /** How many there have been. */
  long count() {
    return count.get();
  }

  /** A file of ours has just taken the name. */
  void begin(LogFile file) {
    keptCopies.begin();
    watch.begin(file);
  }

  /** Keeps what stands under the name and has something that a new file has not. */
  void keepCopy() throws IOException {
    keptCopies.keep();
  }

  /** Breaks the log if somebody has done something to its file that was not known yet. */
  void detect() {
    try {
      FileWatch.Finding finding = watch.detect(!health.isBroken());
      if (finding != FileWatch.Finding.UNTOUCHED && !(health.isBroken() && isKnown(finding))) {
        found(finding);
      }
    } catch (IOException e) {
      if (!health.isBroken()) {
        broke("cannot look at persistence file " + path + ": " + Reasons.of(e));
      }
    }
  }

  private boolean isKnown(FileWatch.Finding finding) throws IOException {
    return finding == FileWatch.Finding.REMOVED || keptCopies.isWanted() || keptCopies.hasKept();
  }

  private void found(FileWatch.Finding finding) {
    if (finding != FileWatch.Finding.REMOVED) {
      keptCopies.want(".foreign-" + KeptCopies.stamp(clock));
    }
    count.incrementAndGet();
    broke("cannot go on with persistence file " + path + ": " + finding);
  }

  private void broke(String reason) {
    LOG.error("{}; it is written again", reason);
    health.countFailure();
    health.markBroken(reason);
  }
}
