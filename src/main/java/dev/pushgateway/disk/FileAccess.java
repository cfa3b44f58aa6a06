package dev.pushgateway.disk;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the access to a new file: for its owner only, as for the Go Pushgateway's file, or like that
 * of an earlier file.
 */
final class FileAccess {
  private static final Logger LOG = LoggerFactory.getLogger(FileAccess.class);

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<PosixFilePermission> OF_THE_GROUP =
      PosixFilePermissions.fromString("---rwx---");

  private FileAccess() {}

  /** Creates an empty file that only its owner may read and write, if the system supports that. */
  static void create(Path path) throws IOException {
    try {
      Files.createFile(path, OWNER_ONLY);
    } catch (UnsupportedOperationException notPosix) {
      Files.createFile(path);
    }
  }

  /**
   * Copies owner, group and mode from one file to another, if the source exists. Copies as much as
   * the system supports and permits. If the group cannot be set, the file's group gets no access.
   */
  static void copy(Path source, Path target) {
    PosixFileAttributeView from = view(source);
    PosixFileAttributeView to = view(target);
    if (from == null || to == null || !Files.exists(source)) {
      return;
    }
    try {
      PosixFileAttributes wanted = from.readAttributes();
      PosixFileAttributes before = to.readAttributes();
      Set<PosixFilePermission> permissions = EnumSet.of(OWNER_READ, OWNER_WRITE); // For ourselves.
      permissions.addAll(wanted.permissions());
      if (!wanted.group().equals(before.group()) && !trySet(() -> to.setGroup(wanted.group()))) {
        permissions.removeAll(OF_THE_GROUP);
      }
      to.setPermissions(permissions);
      if (!wanted.owner().equals(before.owner())) {
        trySet(() -> to.setOwner(wanted.owner()));
      }
    } catch (IOException e) {
      LOG.debug("mode of {} stays as it is", target, e);
    }
  }

  private static PosixFileAttributeView view(Path path) {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class);
  }

  /** A step that the system may forbid. */
  private interface Step {
    void run() throws IOException;
  }

  private static boolean trySet(Step step) {
    try {
      step.run();
      return true;
    } catch (IOException forbidden) {
      LOG.debug("owner and group stay as they are", forbidden);
      return false;
    }
  }
}
