package dev.pushgateway.access;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A web config file that is read again when it changes. {@link #current} checks for a change at
 * most every {@value #CHECK_MILLIS} ms, as a check costs a microsecond.
 *
 * <p>A change that cannot be used is logged once, and the old settings stay in force. A file that
 * has become empty, or has lost all users, tokens and roles, cannot be used: a truncated file looks
 * like that. A changed file is read only after {@value #QUIET_MILLIS} ms without another change,
 * because {@code cp} and editors truncate a file before they write it.
 *
 * <p>Thread-safe. One thread reads a changed file, while other threads use the old settings.
 */
public final class WebConfigFile {
  private static final Logger LOG = LoggerFactory.getLogger(WebConfigFile.class);
  private static final long CHECK_MILLIS = 10;
  private static final long QUIET_MILLIS = 20;

  /** Number of waits for a file to stop changing, before the next check tries again. */
  private static final int MAX_PAUSES = 10;

  /** Maximum size in bytes; see also {@link YamlDocuments#MAX_LENGTH}. */
  private static final long MAX_BYTES = 4L << 20;

  /** Checks new settings before they are in force. Throws if they cannot be used. */
  @FunctionalInterface
  public interface Check {
    void check(WebConfig config) throws WebConfigException;
  }

  private final Path path;
  private final WebConfigParser parser;
  private final Check check;
  private final LongSupplier nanoTime;
  private final Runnable pause;
  private final ReentrantLock reloading = new ReentrantLock();
  private volatile WebConfig current;
  private volatile long lastCheckNanos;

  /** Guarded by {@code reloading}. */
  private FileStamp stamp;

  WebConfigFile(
      Path path,
      Function<String, Optional<Duration>> durations,
      Check check,
      LongSupplier nanoTime,
      Runnable pause)
      throws WebConfigException {
    Path folder = path.toAbsolutePath().getParent();
    this.path = path;
    this.parser = new WebConfigParser(folder == null ? path : folder, durations);
    this.check = check;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.stamp = FileStamp.of(path);
    this.lastCheckNanos = nanoTime.getAsLong();
    this.current = read();
    logWarnings(current);
  }

  private void logWarnings(WebConfig config) {
    config.warnings().forEach(warning -> LOG.warn("{}: {}", path, warning));
  }

  /**
   * Reads a file.
   *
   * @param durations parses durations as Go does; empty if a text is not a duration
   * @param check called for the first settings now, and for each change later
   * @throws WebConfigException if the file cannot be used, with the file and the line
   */
  public static WebConfigFile open(
      Path path, Function<String, Optional<Duration>> durations, Check check)
      throws WebConfigException {
    Runnable pause = () -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS));
    return new WebConfigFile(path, durations, check, System::nanoTime, pause);
  }

  /** Returns the settings in force, after a check for a change. */
  public WebConfig current() {
    long now = nanoTime.getAsLong();
    if (now - lastCheckNanos >= TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS)
        && reloading.tryLock()) {
      try {
        lastCheckNanos = now;
        reloadIfChanged();
      } finally {
        reloading.unlock();
      }
    }
    return current;
  }

  /**
   * Reads the file now, changed or not, and logs one line. For an operator who asks for it after
   * the file is complete: does not wait until the file stops changing.
   */
  public void reload() {
    reloading.lock();
    try {
      lastCheckNanos = nanoTime.getAsLong();
      reload(FileStamp.of(path));
    } finally {
      reloading.unlock();
    }
  }

  private void reloadIfChanged() {
    if (FileStamp.of(path).equals(stamp)) {
      return;
    }
    quietStamp().ifPresent(this::reload);
  }

  private void reload(FileStamp newStamp) {
    stamp = newStamp; // Before the file is read: a change during the read counts as another change.
    try {
      if (stamp.size() == 0) {
        throw new WebConfigException(path + ": it is empty");
      }
      WebConfig changed = read();
      if (current.rules().restrict() && !changed.rules().restrict()) {
        throw new WebConfigException(
            path + ": it has no users, tokens and roles any more; restart the gateway to open it");
      }
      current = changed;
      logChange(changed.rules());
      logWarnings(changed);
    } catch (WebConfigException e) {
      LOG.error("{}; the old configuration stays in force", e.getMessage());
    }
  }

  private void logChange(AccessRules rules) {
    String roles = rules.roles().isPresent() ? "with roles" : "without roles";
    int users = rules.users().size();
    LOG.info("{}: read anew; users {}, tokens {}, {}", path, users, rules.tokens().size(), roles);
  }

  private Optional<FileStamp> quietStamp() {
    FileStamp last = FileStamp.of(path);
    for (int i = 0; i < MAX_PAUSES; i++) {
      pause.run();
      FileStamp now = FileStamp.of(path);
      if (now.equals(last)) {
        return Optional.of(now);
      }
      last = now;
    }
    return Optional.empty();
  }

  private WebConfig read() throws WebConfigException {
    try {
      WebConfig config = parser.parse(text());
      check.check(config);
      return config;
    } catch (WebConfigException e) {
      throw new WebConfigException(path + ": " + e.getMessage());
    }
  }

  private String text() throws WebConfigException {
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new WebConfigException("it is no regular file"); // Reading a pipe would block.
      }
      if (Files.size(path) > MAX_BYTES) {
        throw new WebConfigException("it has more than " + MAX_BYTES + " bytes");
      }
      return Files.readString(path, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new WebConfigException("it is not UTF-8");
    } catch (NoSuchFileException e) {
      throw new WebConfigException("there is no such file");
    } catch (IOException e) {
      throw new WebConfigException(
          "it cannot be read: " + e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  /** Returns the path of the file, as the flag has it. */
  public Path path() {
    return path;
  }
}
