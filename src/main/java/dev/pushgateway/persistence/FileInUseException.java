package dev.pushgateway.persistence;

import java.nio.file.Path;

/** Reports that another gateway is using the persistence file. Retrying may succeed later. */
public final class FileInUseException extends PersistenceFileException {
  FileInUseException(Path file, String where) {
    super(file, "persistence file " + file + " is in use by another gateway in " + where);
  }
}
