package dev.pushgateway.persistence;

import dev.pushgateway.disk.Reasons;
import java.io.IOException;
import java.nio.file.Path;

/** A persistence file cannot be used. The message is a whole sentence, which names the file. */
public class PersistenceFileException extends IOException {
  private final String withoutPath;

  PersistenceFileException(Path file, String message) {
    this(file, message, null);
  }

  PersistenceFileException(Path file, String message, IOException cause) {
    super(message, cause);
    withoutPath = Reasons.withoutPath(message, file);
  }

  /** The sentence for those who need not know where the file is. */
  public String withoutPath() {
    return withoutPath;
  }
}
