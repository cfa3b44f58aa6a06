package dev.pushgateway.persistence;

import dev.pushgateway.disk.Reasons;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Finds the real path of a persistence file, and checks that a file can be there. */
final class FilePath {
  /** The limit of Linux. */
  private static final int MAX_LINKS = 40;

  private FilePath() {}

  /**
   * Returns the path of the file, with links followed.
   *
   * @throws IOException if no such file is possible; the message is a sentence
   */
  static Path checked(Path path) throws IOException {
    Path file = target(path.toAbsolutePath());
    Path folder = file.getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new IOException("persistence file " + file.toRealPath() + " is a folder");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(
          "persistence file " + file + " is no regular file, but a device or pipe");
    }
    checkFolder(folder);
    return folder.toRealPath().resolve(file.getFileName());
  }

  private static void checkFolder(Path folder) throws IOException {
    try {
      if (!Files.readAttributes(folder, BasicFileAttributes.class).isDirectory()) {
        throw new IOException(folder + ", the folder of the persistence file, is not a folder");
      }
    } catch (NoSuchFileException e) {
      throw new IOException("folder " + folder + " of the persistence file does not exist", e);
    } catch (FileSystemException e) {
      throw new IOException(
          "cannot look at folder " + folder + " of the persistence file: " + Reasons.of(e), e);
    }
  }

  /**
   * Follows symbolic links, also to a file that does not exist yet. Renaming a new file over the
   * link would replace the link.
   */
  private static Path target(Path path) throws IOException {
    Path file = path;
    for (int links = 0; Files.isSymbolicLink(file); links++) {
      if (links == MAX_LINKS) {
        throw new IOException("persistence file " + path + " is a link to a link, again and again");
      }
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    return file;
  }
}
