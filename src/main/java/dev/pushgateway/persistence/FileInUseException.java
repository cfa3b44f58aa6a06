package dev.pushgateway.persistence;

import java.nio.file.Path;

/** Another gateway has the persistence file; it may let go of it. */
public final class FileInUseException extends PersistenceFileException {
  FileInUseException(Path file, String where) {
    super(file, "persistence file " + file + " is in use by another gateway in " + where);
  }
}
