package dev.pushgateway.persistence;

import dev.pushgateway.disk.Disk;
import dev.pushgateway.gob.GobImport;
import dev.pushgateway.gob.GobReader;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the persistence file at the start, and decides how the log continues. */
final class Loader {
  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);
  private static final String GO_SUFFIX = ".go-backup";

  private final Disk disk;
  private final Path path;
  private final Clock clock;
  private final LogReader.Sink sink;

  /**
   * The result of loading.
   *
   * @param file the file to append to; {@code null} if a new one must be written first
   * @param asideSuffix the suffix under which the old file is kept when a new one replaces it;
   *     {@code null} if it need not be kept
   * @param isOurs whether a gateway wrote the old file
   * @param droppedRecords number of damages, see {@link PersistenceStatus}
   * @param lastNumber the number of the last record; the next change gets the following one
   */
  record Loaded(
      LogFile file,
      long salt,
      String asideSuffix,
      boolean isOurs,
      long droppedRecords,
      long lastNumber) {}

  Loader(Disk disk, Path path, Clock clock, LogReader.Sink sink) {
    this.disk = disk;
    this.path = path;
    this.clock = clock;
    this.sink = sink;
  }

  /** Returns the path where a new file is written before it replaces the old one. */
  static Path rewritePath(Path path) {
    return path.resolveSibling(path.getFileName() + ".rewrite");
  }

  Loaded load() throws IOException {
    disk.delete(rewritePath(path));
    if (disk.entry(path).isEmpty()) {
      return empty(null, false, 0);
    }
    Disk.Handle handle = disk.open(path);
    Loaded loaded = null;
    try {
      loaded = load(handle);
    } finally {
      if (loaded == null || loaded.file() == null) {
        handle.close();
      }
    }
    return loaded;
  }

  private Loaded load(Disk.Handle handle) throws IOException {
    if (handle.length() == 0) {
      LOG.warn(
          "persistence file {} is empty: another program has created or truncated it; starting"
              + " without groups",
          path);
      return empty(null, false, 0);
    }
    LogFormat.Header header = LogReader.header(handle);
    if (header == null) {
      return loadForeign(handle);
    }
    checkVersion(header);
    return resume(handle, new LogReader(path, handle, sink).read(header));
  }

  /**
   * Checks the version of the file, if it exists. Otherwise, checks that a new file can be created.
   * Leaves no change behind.
   */
  void check() throws IOException {
    if (disk.entry(path).isEmpty()) {
      Path probe = rewritePath(path);
      LogFile.create(disk, probe, Optional.empty(), 0, 0).close();
      disk.delete(probe);
      return;
    }
    try (Disk.Handle handle = disk.open(path)) {
      LogFormat.Header header = handle.length() == 0 ? null : LogReader.header(handle);
      if (header != null) {
        checkVersion(header);
      }
    }
  }

  private void checkVersion(LogFormat.Header header) throws IOException {
    if (header.version() != LogFormat.VERSION) {
      throw new PersistenceFileException(
          path,
          "persistence file "
              + path
              + " has version "
              + header.version()
              + ", this gateway reads version "
              + LogFormat.VERSION
              + " only: start the gateway that wrote it, or name another file");
    }
  }

  private Loaded resume(Disk.Handle handle, LogReader.Result result) throws IOException {
    if (!result.damages().isEmpty()) {
      String suffix = ".damaged-" + KeptCopies.stamp(clock);
      LOG.error(
          "persistence file {} is damaged: dropped {}; {} records were read",
          path,
          result.damages(),
          result.records());
      return empty(suffix, true, result.damages().size(), result.lastNumber());
    }
    if (disk.hasOtherNames(path)) {
      LOG.warn(
          "persistence file {} is a hard link: copying it, because another gateway may use the"
              + " other name",
          path);
      return empty(null, true, 0, result.lastNumber());
    }
    if (result.tornLength() > 0) {
      LOG.warn(
          "persistence file {}: dropped {} bytes at offset {}: incomplete record after a crash",
          path,
          result.tornLength(),
          result.end());
    }
    if (result.notes().soundCount() < 2) {
      LOG.warn("persistence file {}: one of its two notes is damaged; using the other one", path);
    }
    LOG.info("persistence file {}: {} records were read", path, result.records());
    LogFile file = LogFile.resume(disk, path, handle, result);
    return new Loaded(file, result.salt(), null, true, 0, result.lastNumber());
  }

  private Loaded loadForeign(Disk.Handle handle) throws IOException {
    if (GobImport.recognises(handle)) {
      try {
        int groups = new GobImport(handle, sink).read();
        LOG.info(
            "persistence file {}: {} groups were read from the Go Pushgateway's file",
            path,
            groups);
        return empty(GO_SUFFIX, true, 0);
      } catch (GobReader.MalformedGobException e) {
        return unreadable("it begins like the Go Pushgateway's file, but " + e.getMessage());
      }
    }
    return unreadable("it is neither this gateway's nor the Go Pushgateway's");
  }

  private Loaded unreadable(String reason) {
    String suffix = ".unreadable-" + KeptCopies.stamp(clock);
    LOG.error("persistence file {} cannot be read: {}", path, reason);
    return empty(suffix, false, 1);
  }

  private Loaded empty(String asideSuffix, boolean isOurs, long droppedRecords) {
    return empty(asideSuffix, isOurs, droppedRecords, LogFormat.FIRST_NUMBER - 1);
  }

  private Loaded empty(String asideSuffix, boolean isOurs, long droppedRecords, long lastNumber) {
    long salt = new SecureRandom().nextLong();
    return new Loaded(null, salt, asideSuffix, isOurs, droppedRecords, lastNumber);
  }
}
