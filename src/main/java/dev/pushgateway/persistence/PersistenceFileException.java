package dev.pushgateway.persistence;

import dev.pushgateway.disk.Reasons;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reports a persistence file that cannot be used. The message is a sentence that names the file.
 */
public class PersistenceFileException extends IOException {
  private final String withoutPath;

  PersistenceFileException(Path file, String message) {
    this(file, message, null);
  }

  PersistenceFileException(Path file, String message, IOException cause) {
    super(message, cause);
    withoutPath = Reasons.withoutPath(message, file);
  }

  /** Returns the message without the path, for clients that should not see it. */
  public String withoutPath() {
    return withoutPath;
  }
}
