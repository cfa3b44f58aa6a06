package dev.pushgateway.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * Shows whether a file has changed or was replaced. A stamp costs a microsecond. Links are
 * followed, because Kubernetes replaces a link.
 *
 * @param modified epoch if the file cannot be read
 * @param size in bytes; -1 if the file cannot be read
 * @param identity the file system's key of the file, which changes if another file is renamed to it
 */
public record FileStamp(FileTime modified, long size, String identity) {
  private static final FileStamp ABSENT = new FileStamp(FileTime.fromMillis(0), -1, "");

  /** Returns the stamp of a file now. A file that cannot be read has a stamp, too. */
  public static FileStamp of(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
    } catch (IOException e) {
      return ABSENT;
    }
  }
}
