package dev.pushgateway.persistence;

import dev.pushgateway.disk.Reasons;
import java.io.IOException;
import java.nio.file.Path;

/** Another gateway has the persistence file; it may let go of it. */
public final class FileInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String withoutPath;

  FileInUseException(Path file, String where) {
    super("persistence file " + file + " is in use by another gateway in " + where);
    withoutPath = Reasons.withoutPath(getMessage(), file);
  }

  /** The message for those who need not know where the file is. */
  public String withoutPath() {
    return withoutPath;
  }
}
