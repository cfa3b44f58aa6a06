package dev.pushgateway.persistence;

import dev.pushgateway.change.Change;
import dev.pushgateway.disk.Disk;
import dev.pushgateway.disk.Reasons;
import dev.pushgateway.store.Group;
import dev.pushgateway.store.MetricStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Writes what a store holds into a new file, which then takes the place of the log's, together with
 * what is appended to the log meanwhile. Mends a broken log. Used once.
 *
 * <p>Order of steps, and what a crash leaves: new file written and synced (the old one, and a
 * leftover that the next start removes); renamed (either, and both are complete for everything that
 * has been acknowledged); folder synced (the new one).
 *
 * <p>Neither changes nor scrapes wait for it, but for the exchange at the end.
 */
final class Rewrite {
  /** What may be left to copy while changes wait when files are exchanged, once; about 0.1 ms. */
  private static final int SHORT_TAIL_LENGTH = 256 << 10;

  /** Each round of copying what has come meanwhile is shorter than the one before. */
  private static final int MAX_CATCH_UP_ROUNDS = 16;

  private static final int WRITE_LENGTH = 256 << 10;

  private final Disk disk;
  private final Path path;
  private final Log log;
  private final BooleanSupplier stopped;
  private final int breaksBefore;

  /**
   * A rewrite of the file of a log.
   *
   * @param stopped whether to give up
   */
  Rewrite(Disk disk, Path path, Log log, BooleanSupplier stopped) {
    this.disk = disk;
    this.path = path;
    this.log = log;
    this.stopped = stopped;
    this.breaksBefore = log.health().breaks();
  }

  /** Writes a new file and puts it in place. */
  void run(MetricStore store) throws IOException {
    try {
      write(store);
    } catch (IOException e) {
      if (!stopped.getAsBoolean()) {
        log.health().countFailure();
      }
      throw new IOException("cannot rewrite persistence file " + path + ": " + Reasons.of(e), e);
    }
  }

  private void write(MetricStore store) throws IOException {
    Path newPath = Loader.rewritePath(path);
    LogFile next = LogFile.create(disk, newPath, path, log.salt());
    try {
      long[] cut = new long[1];
      List<Group> groups = store.checkpoint(() -> cut[0] = log.end());
      writeGroups(groups, next);
      long copied = catchUp(cut[0], next);
      next.sync(); // The long one; what comes meanwhile is short, and so the next one is, too.
      copied = catchUp(copied, next);
      log.exchange(next, newPath, copied, breaksBefore);
    } finally {
      if (log.file() != next) {
        LogFile.closeQuietly(next);
        LogFile.discard(disk, newPath);
      }
    }
  }

  private void writeGroups(List<Group> groups, LogFile target) throws IOException {
    RecordBuffer buffer = new RecordBuffer(target.salt());
    for (Group group : groups) {
      for (Change change : GroupChanges.of(group)) {
        buffer.add(change);
        if (buffer.length() >= WRITE_LENGTH) {
          checkStopped();
          target.append(buffer.bytes(), buffer.length());
          buffer.clear();
        }
      }
    }
    target.append(buffer.bytes(), buffer.length());
  }

  private void checkStopped() throws IOException {
    if (stopped.getAsBoolean()) {
      throw new IOException("the gateway stops");
    }
  }

  /**
   * Copies what came behind an offset of the current file, until little is left; to which offset.
   */
  private long catchUp(long from, LogFile target) throws IOException {
    long at = from;
    for (int round = 0; round < MAX_CATCH_UP_ROUNDS; round++) {
      long end = log.end();
      if (end - at <= SHORT_TAIL_LENGTH) {
        break;
      }
      checkStopped();
      log.file().copyTo(target, at, end);
      at = end;
    }
    return at;
  }
}
