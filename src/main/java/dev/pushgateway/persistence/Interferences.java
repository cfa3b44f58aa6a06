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
 * broken until it is written again from memory, and what is there is kept {@link Aside} before.
 *
 * <p>For one thread, but for {@link #count}. Nobody may append to the file while it looks.
 */
final class Interferences {
  private static final Logger LOG = LoggerFactory.getLogger(Interferences.class);

  private final Path path;
  private final Watch watch;
  private final Aside aside;
  private final LogHealth health;
  private final Clock clock;

  private final AtomicLong count = new AtomicLong();

  Interferences(Path path, Watch watch, Aside aside, LogHealth health, Clock clock) {
    this.path = path;
    this.watch = watch;
    this.aside = aside;
    this.health = health;
    this.clock = clock;
  }

  /** How many there have been. */
  long count() {
    return count.get();
  }

  /** A file of ours has just taken the name. */
  void begin(LogFile file) {
    aside.begin();
    watch.begin(file);
  }

  /** Keeps what stands under the name and has something that a new file has not. */
  void keepAside() throws IOException {
    aside.keep();
  }

  /** Breaks the log if somebody has done something to its file that was not known yet. */
  void look() {
    try {
      Watch.Finding finding = watch.look(!health.isBroken());
      if (finding != Watch.Finding.UNTOUCHED && !(health.isBroken() && isKnown(finding))) {
        found(finding);
      }
    } catch (IOException e) {
      if (!health.isBroken()) {
        broke("cannot look at persistence file " + path + ": " + Reasons.of(e));
      }
    }
  }

  private boolean isKnown(Watch.Finding finding) throws IOException {
    return finding == Watch.Finding.REMOVED || aside.isWanted() || aside.hasKept();
  }

  private void found(Watch.Finding finding) {
    if (finding != Watch.Finding.REMOVED) {
      aside.want(".foreign-" + Aside.stamp(clock));
    }
    count.incrementAndGet();
    broke("cannot go on with persistence file " + path + ": " + finding);
  }

  private void broke(String reason) {
    LOG.error("{}; it is written again", reason);
    health.countFailure();
    health.broke(reason);
  }
}
