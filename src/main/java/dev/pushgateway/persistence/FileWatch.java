package dev.pushgateway.persistence;

import dev.pushgateway.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what another process does to the file of a running log: an operator restores a backup, or
 * a tool rotates the file.
 *
 * <pre>
 *   nothing under the name                                     REMOVED
 *   another file under the name: rename, cp and mv             REPLACED
 *   another length than we have given it, or another header    CHANGED
 *   or end than it had when looked at last: cp, &gt; file
 * </pre>
 *
 * <p>A byte that is changed in the middle shows only at the next start. Some file systems cannot
 * tell one file from another: {@link #begin} tries that, and on such a system only removal is
 * noticed.
 *
 * <p>Not thread-safe. No thread may append to the file during {@link #detect}.
 */
final class FileWatch {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  /** How many bytes of the end of the file are remembered. */
  private static final int END_LENGTH = 64;

  enum Finding {
    UNTOUCHED(""),
    REMOVED("the file was removed"),
    REPLACED("the file was replaced by somebody else"),
    CHANGED("the file was changed by somebody else");

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
  private LogFile file;
  private Object key;
  private byte[] end = {};
  private long endOffset;
  private boolean canTell;

  FileWatch(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  /** Begins to watch a file that has the name right now. */
  void begin(LogFile next) {
    file = next;
    key = null;
    canTell = true;
    try {
      canTell = isUnderItsName();
      noteEnd();
    } catch (IOException e) {
      endOffset = next.end();
      end = new byte[0];
      LOG.debug("it is tried again at the next look", e);
    }
    if (!canTell) {
      LOG.warn(
          "the file system of {} does not tell one file from another: it would go unnoticed if"
              + " somebody replaced this one",
          path);
    }
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
   * Looks at the file.
   *
   * @param inside whether to compare the content, too: that of a broken file is not known
   * @throws IOException if it cannot look, or the look has left the file in an unknown state
   */
  Finding detect(boolean inside) throws IOException {
    Disk.Entry entry = disk.entry(path).orElse(null);
    if (entry == null) {
      return Finding.REMOVED;
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
