package dev.pushgateway.persistence;

import dev.pushgateway.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the current file under another name before a new file replaces it, if it holds something
 * that the new file lacks. A kept file is never overwritten.
 *
 * <p>Not thread-safe.
 */
final class KeptCopies {
  private static final Logger LOG = LoggerFactory.getLogger(KeptCopies.class);
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Disk disk;
  private final Path path;

  /** The suffix of the kept name; {@code null} if nothing is to be kept. */
  private String suffix;

  /**
   * The key of the file kept since {@link #begin}; {@code null} if none was kept, or it has no key.
   */
  private Object keptKey;

  KeptCopies(Disk disk, Path path, String suffix) {
    this.disk = disk;
    this.path = path;
    this.suffix = suffix;
  }

  /** Returns the time as part of a file name: {@code 20261122T101530Z}. */
  static String stamp(Clock clock) {
    return STAMP.format(clock.instant());
  }

  boolean isWanted() {
    return suffix != null;
  }

  /**
   * Asks {@link #keep} to keep the file, under its name with this suffix. A number is added if that
   * name exists.
   */
  void want(String suffix) {
    this.suffix = suffix;
  }

  boolean hasKept() throws IOException {
    return keptKey != null && keptKey.equals(disk.key(path));
  }

  /** Notes that a new file has taken the name. */
  void begin() {
    keptKey = null;
  }

  /**
   * Keeps the file if {@link #want} has asked for it. After a failure, the next call tries again.
   */
  void keep() throws IOException {
    if (suffix == null) {
      return;
    }
    if (disk.entry(path).isPresent() && !hasKept()) {
      Path target = freeName();
      Object key = disk.key(path);
      disk.keep(path, target);
      keptKey = key;
      LOG.info("what was under the name {} is kept as {}", path, target.getFileName());
    }
    disk.syncFolder(path.getParent());
    suffix = null;
  }

  private Path freeName() throws IOException {
    String name = path.getFileName() + suffix;
    Path target = path.resolveSibling(name);
    for (int number = 2; disk.entry(target).isPresent(); number++) {
      target = path.resolveSibling(name + "-" + number);
    }
    return target;
  }
}
