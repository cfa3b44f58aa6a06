package dev.pushgateway.persistence;

import dev.pushgateway.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects changes that another process makes to the file of a running log. An operator may restore
 * a backup, or a tool may rotate the file.
 *
 * <pre>
 *   nothing under the name                                     REMOVED
 *   another file under the name: rename, cp and mv             REPLACED
 *   another length than we have given it, or another header    CHANGED
 *   or end than it had when looked at last: cp, &gt; file
 * </pre>
 *
 * <p>A changed byte in the middle is only found at the next start. Some file systems cannot tell
 * one file from another. {@link #begin} tests that; on such a system only removal is detected.
 *
 * <p>Not thread-safe, except {@link #isSurelyUnderItsName}. No thread may append to the file during
 * {@link #detect}.
 */
final class FileWatch {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  /** The number of bytes at the end of the file that are remembered. */
  private static final int END_LENGTH = 64;

  enum Finding {
    UNTOUCHED(""),
    REMOVED("another program removed the file"),
    REPLACED("another program replaced the file"),
    CHANGED("another program changed the file");

    private final String words;

    Finding(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private final Disk disk;
  private final Path path;

  /** {@code null} before the first file, and after {@link #forget}. */
  private LogFile file;

  /** The key of the file; {@code null} if it is unknown or the system has none. */
  private volatile Object key;

  private byte[] end = {};
  private long endOffset;
  private boolean canTell;
  private boolean isForgotten;

  FileWatch(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  /** Begins to watch a file that has the name now. */
  void begin(LogFile next) {
    file = next;
    key = null;
    canTell = true;
    isForgotten = false;
    try {
      canTell = isUnderItsName();
      noteEnd();
    } catch (IOException e) {
      endOffset = next.end();
      end = new byte[0];
      LOG.debug("cannot read the end of the persistence file now", e);
    }
    if (!canTell) {
      LOG.warn(
          "the file system of {} does not tell one file from another: a replaced file would go"
              + " unnoticed",
          path);
    }
  }

  /**
   * Stops watching a file that has lost its name and is closed. Any file with the name is then a
   * foreign one.
   */
  void forget() {
    file = null;
    key = null;
    isForgotten = true;
  }

  /**
   * Compares the file's name and length once, from outside. True may be a false alarm: {@link
   * #detect} decides.
   */
  boolean looksTouched() throws IOException {
    Disk.Entry entry = disk.entry(path).orElse(null);
    if (entry == null) {
      return true;
    }
    if (!canTell) {
      return !file.hasItsLength();
    }
    return entry.length() != file.end() || key != null && !key.equals(entry.key());
  }

  /**
   * Returns whether the file surely has its name, after one look from outside. After {@code false},
   * {@link #detect} decides.
   */
  boolean isSurelyUnderItsName() throws IOException {
    Object known = key;
    return known != null && known.equals(disk.key(path));
  }

  private boolean isUnderItsName() throws IOException {
    Object before = disk.key(path);
    boolean same = file.isUnder(disk, path);
    key = same ? before : null;
    return same;
  }

  private void noteEnd() throws IOException {
    endOffset = Math.max(0, file.end() - END_LENGTH);
    end = file.read(endOffset, (int) (file.end() - endOffset));
  }

  /**
   * Checks the file.
   *
   * @param inside whether to compare the content as well; the content of a broken file is unknown
   * @throws IOException if the file cannot be checked, or the check has left it in an unknown state
   */
  Finding detect(boolean inside) throws IOException {
    if (file == null && !isForgotten) {
      return Finding.UNTOUCHED;
    }
    Disk.Entry entry = disk.entry(path).orElse(null);
    if (entry == null) {
      return Finding.REMOVED;
    }
    if (file == null) {
      return Finding.REPLACED;
    }
    if (!canTell) {
      return Finding.UNTOUCHED;
    }
    if ((key == null || !key.equals(entry.key())) && !isUnderItsName()) {
      return Finding.REPLACED;
    }
    if (inside && !isAsWritten()) {
      return Finding.CHANGED;
    }
    return Finding.UNTOUCHED;
  }

  private boolean isAsWritten() throws IOException {
    byte[] headers = LogFormat.headers(LogFormat.VERSION, file.salt());
    boolean asWritten =
        file.hasItsLength()
            && Arrays.equals(headers, file.read(0, headers.length))
            && Arrays.equals(end, file.read(endOffset, end.length));
    if (asWritten) {
      noteEnd();
    }
    return asWritten;
  }
}
